import { describe, expect, it } from 'vitest';
import { compileEndpointRule, endpointRuleMistakes } from '../../../src/workload/endpoint-rule.ts';
import {
  compileWhere,
  needsText,
  type RequestText,
  type Where,
  whereMistakes,
} from '../../../src/workload/where.ts';

const NOTHING: RequestText = { method: null, path: null, host: null, endpoint: null, status: 0 };
const takes = (where: Where, row: Partial<RequestText>) =>
  compileWhere(where)!({ ...NOTHING, ...row });
const pathsOf = (patterns: readonly string[], paths: readonly string[]) =>
  paths.filter((path) => takes({ path: patterns }, { path }));

describe('which requests are taken', () => {
  it('all where nothing is asked for', () => {
    expect(compileWhere(null)).toBeNull();
    expect(compileWhere({})).toBeNull();
  });

  it('by patterns: * fits anything, a list fits by one of its own, ! takes out', () => {
    const paths = ['/v1/chat', '/v1/health', '/v2/chat', '/', '/v1/', 'x/v1/chat'];
    expect(pathsOf(['/v1/*', '!/v1/health'], paths)).toEqual(['/v1/chat', '/v1/']);
    expect(pathsOf(['!/v1/*'], paths)).toEqual(['/v2/chat', '/', 'x/v1/chat']);
    expect(pathsOf(['*/chat'], paths)).toEqual(['/v1/chat', '/v2/chat', 'x/v1/chat']);
    expect(pathsOf(['/v*/ch*t', '/'], paths)).toEqual(['/v1/chat', '/v2/chat', '/']);
    expect(pathsOf(['*'], paths)).toEqual(paths);
  });

  it('a pattern needs all of its parts, none of them twice over the same letters', () => {
    expect(pathsOf(['aba*ba'], ['aba', 'ababa', 'abaxba'])).toEqual(['ababa', 'abaxba']);
    expect(pathsOf(['*a*a*'], ['a', 'aa', 'bab', 'baab'])).toEqual(['aa', 'baab']);
    expect(pathsOf(['.*+'], ['.x+', 'ax+'])).toEqual(['.x+']);
  });

  it('paths without their query, hosts without their port, methods in any case', () => {
    expect(pathsOf(['/v1/chat'], ['/v1/chat?stream=1', '/v1/chats'])).toEqual([
      '/v1/chat?stream=1',
    ]);
    expect(pathsOf(['*?stream=1'], ['/v1/chat?stream=1', '/v1/chat'])).toEqual([
      '/v1/chat?stream=1',
    ]);
    expect(takes({ host: ['api.example.com'] }, { host: 'API.example.com:8443' })).toBe(true);
    expect(takes({ host: ['*:443'] }, { host: 'api.example.com:8443' })).toBe(false);
    expect(takes({ method: ['post'] }, { method: 'POST' })).toBe(true);
  });

  it('letters beyond ASCII, as text or as the bytes of the log', () => {
    const bytes = String.fromCharCode(...new TextEncoder().encode('/größe'));
    expect(pathsOf(['/größe'], ['/größe', bytes, '/grosse'])).toEqual(['/größe', bytes]);
    expect(pathsOf(['!/größe'], ['/größe', bytes, '/grosse'])).toEqual(['/grosse']);
  });

  it.each([
    ['200', [200]],
    ['2xx', [200, 204]],
    ['<400', [101, 200, 204, 304]],
    ['<=404', [101, 200, 204, 304, 404]],
    ['>499', [503]],
    ['>=404', [404, 503]],
    ['200..304', [200, 204, 304]],
    ['!5xx', [0, 101, 200, 204, 304, 404]],
  ])('by status %s', (pattern, taken) => {
    const statuses = [0, 101, 200, 204, 304, 404, 503];
    expect(statuses.filter((status) => takes({ status: [pattern] }, { status }))).toEqual(taken);
  });

  it('only where all that is asked for holds; what a line does not tell fits no pattern', () => {
    const where = { method: ['POST'], path: ['/v1/*'], status: ['2xx'] };
    const row = { method: 'POST', path: '/v1/chat', status: 200 };
    expect(takes(where, row)).toBe(true);
    for (const key of ['method', 'path', 'status'] as const) {
      expect(takes(where, { ...row, [key]: NOTHING[key] })).toBe(false);
    }
    expect(takes({ path: ['!/health'] }, {})).toBe(true);
    expect(takes({ path: ['*'] }, {})).toBe(false);
    expect(takes({ status: ['2xx'] }, { status: Number.NaN })).toBe(false);
    expect(takes({ endpoint: ['gpt-*'] }, { endpoint: 'gpt-4' })).toBe(true);
  });

  it('in time in proportion to the text, whatever the pattern', () => {
    const path = 'a'.repeat(100_000);
    expect(pathsOf([`${'*a'.repeat(30)}b`], [path])).toEqual([]);
  });

  it('mistakes are said, each with its key', () => {
    expect(
      whereMistakes({ path: ['/v1/*', '!'], status: ['2xx', 'ok', '500..400'], host: [] }),
    ).toEqual([
      { key: 'path', message: 'must be a pattern such as /v1/* or !/health, is !' },
      { key: 'host', message: 'is an empty list: nothing fits it' },
      { key: 'status', message: 'must be 200, 2xx, <400 or 200..299, is ok' },
      { key: 'status', message: 'must be 200, 2xx, <400 or 200..299, is 500..400' },
    ]);
    expect(whereMistakes({ path: ['/a*'], status: ['!<200'] })).toEqual([]);
  });
});

describe('what the endpoint of a request is', () => {
  const of = (rule: Parameters<typeof compileEndpointRule>[0], row: Partial<RequestText>) =>
    compileEndpointRule(rule)({ ...NOTHING, ...row });

  it('a field of the line', () => {
    const row = { path: '/v1/chat?x=1', host: 'h', method: 'GET', endpoint: 'own' };
    expect(of({ field: 'path' }, row)).toBe('/v1/chat');
    expect(of({ field: 'host' }, row)).toBe('h');
    expect(of({ field: 'method' }, row)).toBe('GET');
    expect(of({ field: 'endpoint' }, row)).toBe('own');
    expect(of({ field: 'path' }, {})).toBeNull();
  });

  it('what a pattern finds in the path: its first group, or all that fits', () => {
    const path = '/v1/models/llama/generate?q=/v1/models/x';
    expect(of({ path: '^/v1/models/([^/]+)' }, { path })).toBe('llama');
    expect(of({ path: '^/v1/[a-z]+' }, { path })).toBe('/v1/models');
    expect(of({ path: '^/v2/' }, { path })).toBeNull();
  });

  it('a pattern that is none is a mistake', () => {
    expect(endpointRuleMistakes({ path: '(' })).toEqual([
      'must be a regular expression such as ^/v1/models/([^/]+), its first group the endpoint, is (',
    ]);
    expect(endpointRuleMistakes({ path: 'a' })).toEqual([]);
  });

  it('texts are taken out of a line only where something needs them', () => {
    expect(needsText(null, null)).toBe(false);
    expect(needsText({ status: ['2xx'], endpoint: ['a'] }, { field: 'endpoint' })).toBe(false);
    expect(needsText({ host: ['a'] }, null)).toBe(true);
    expect(needsText(null, { path: 'a' })).toBe(true);
  });
});
