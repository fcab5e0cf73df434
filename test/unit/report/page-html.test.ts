import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, pageParts } from '../../../src/node/page-bundle.ts';
import { commandLine } from '../../../src/report/command-line.ts';
import type { PageDocument } from '../../../src/report/page/page-document.ts';
import { dataText, escapeHtml, pageHtml } from '../../../src/report/page/page-html.ts';

const PARTS = { script: 'run()', style: 'p{}', scriptHash: 'sha256-abc' };
const page = (name: string) =>
  ({ name, conclusion: { headline: name } }) as unknown as PageDocument;

describe('the file of a page', () => {
  it('is under 1.5 MB without its data', () => {
    const parts = pageParts();
    const html = pageHtml(page('x'), parts);
    expect(html.length).toBeLessThan(1_500_000);
    expect(parts.script.length).toBeGreaterThan(100_000);
  });

  it('names nobody that it could ask, and lets run the one script that it has', () => {
    const html = pageHtml(page('x'), PARTS);
    expect(html).toContain("default-src 'none'; script-src 'sha256-abc'");
    expect(html).not.toMatch(/(?:src|href)=/);
    expect(pageParts().scriptHash).toBe(hashOf(pageParts().script));
    // Nothing in the code ends the element that it stands in.
    expect(pageParts().script).not.toMatch(/<\/script|<!--/i);
    expect(pageParts().style).not.toMatch(/<\/style|url\(|@import/i);
  });

  it('has no markup from any name, and gives every name back as it was (property)', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</script><script>alert(1)</script>', '<!--', ']]>', '\u2028', '&lt;'),
    );
    fc.assert(
      fc.property(nasty, (name) => {
        const text = dataText({ name });
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual({ name });
        expect(escapeHtml(name)).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('a command as one types it', () => {
  it('is what a shell reads it as, whatever its words hold (property)', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab1 \'"$`\\!*?<>|&;(){}[]~#=,.-é') });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const script = `printf '%s\\0' ${commandLine(words)}`;
        const read = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves plain words bare and shows control characters', () => {
    expect(commandLine(['coldfront', 'sweep', 'a b.yaml', '--vary', 'x=0..4'])).toBe(
      "coldfront sweep 'a b.yaml' --vary x=0..4",
    );
    expect(commandLine(['a\u001b[2J'])).toBe("'a\ufffd[2J'");
  });
});
