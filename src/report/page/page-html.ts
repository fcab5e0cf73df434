/** One file that needs nothing else: data, code and style inside, and no right to ask anyone for anything. */
import type { PageDocument } from './page-document.ts';

export interface PageParts {
  /** The bundle of src/page. */
  readonly script: string;
  readonly style: string;
  /** `sha256-...` of the script as it stands in the file. */
  readonly scriptHash: string;
}

/** The only script is the one with this hash. Styles are set by the charts on their elements. */
const policy = (scriptHash: string): string =>
  `default-src 'none'; script-src '${scriptHash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;

export function pageHtml(data: PageDocument, { script, style, scriptHash }: PageParts): string {
  const title = escapeHtml(`${data.name}: coldfront report`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(scriptHash)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<noscript><p>${escapeHtml(data.conclusion.headline)}. The charts and tables of this page are drawn by the script inside it, which is off.</p></noscript>`,
    '<div id="page"></div>',
    `<script type="application/json" id="data">${dataText(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON that no HTML parser takes for anything else: `</script>`, `<!--` and line separators are spelled out. */
export function dataText(data: unknown): string {
  return JSON.stringify(data).replaceAll(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
