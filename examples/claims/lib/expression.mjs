/**
 * Arithmetic over names, so that claims.yaml says what is computed and what a claim asks of it: numbers, `a.b.c`, + - * /,
 * comparisons that chain (0.4 <= load <= 0.6), and, or, not, abs, min, max, ceil, round, when. A name may hold a minus
 * (gpus.a100-80gb), so a minus between two names has spaces around it. A figure that is null makes null of what it enters,
 * and a comparison with null does not hold.
 */

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[\w-]+)*)|(<=|>=|[-+*/(),<>]))/y;

const FUNCTIONS = {
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  ceil: Math.ceil,
  round: Math.round,
  /** The second, or null where the first is null. */
  when: (_, value) => value,
};

const ARITHMETIC = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const COMPARISONS = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** @returns a function of a scope: a map of maps of numbers */
export function parseExpression(text) {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (...wanted) => (wanted.includes(tokens[at]?.text) ? tokens[at++].text : null);
  const fail = (what) => {
    throw new Error(`${what} in "${text}"`);
  };

  const either = () => {
    let left = both();
    while (take('or')) {
      const [a, b] = [left, both()];
      left = (scope) => a(scope) || b(scope);
    }
    return left;
  };
  const both = () => {
    let left = comparison();
    while (take('and')) {
      const [a, b] = [left, comparison()];
      left = (scope) => a(scope) && b(scope);
    }
    return left;
  };
  const comparison = () => {
    if (take('not')) {
      const inner = comparison();
      return (scope) => !inner(scope);
    }
    const terms = [sum()];
    const operators = [];
    for (let found = take(...Object.keys(COMPARISONS)); found; ) {
      operators.push(COMPARISONS[found]);
      terms.push(sum());
      found = take(...Object.keys(COMPARISONS));
    }
    if (operators.length === 0) return terms[0];
    return (scope) => {
      const values = terms.map((term) => term(scope));
      if (values.includes(null)) return false;
      return operators.every((holds, i) => holds(values[i], values[i + 1]));
    };
  };
  const sum = () => chain(product, '+', '-');
  const product = () => chain(factor, '*', '/');
  const chain = (part, ...signs) => {
    let left = part();
    for (let sign = take(...signs); sign; sign = take(...signs)) {
      const [a, apply, b] = [left, ARITHMETIC[sign], part()];
      left = nullSafe(apply, a, b);
    }
    return left;
  };
  const factor = () => {
    if (take('-')) return nullSafe((a) => -a, factor());
    if (take('(')) {
      const inner = either();
      return take(')') ? inner : fail('a bracket is not closed');
    }
    const token = tokens[at++] ?? fail('something is missing');
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind !== 'name') return fail(`${token.text} stands where a number should`);
    if (!(token.text in FUNCTIONS) || !take('(')) return (scope) => lookUp(scope, token.text);
    const inputs = [sum()];
    while (take(',')) inputs.push(sum());
    return take(')') ? nullSafe(FUNCTIONS[token.text], ...inputs) : fail('a bracket is not closed');
  };

  const whole = either();
  return at === tokens.length ? whole : fail(`${tokens[at].text} is left over`);
}

function tokensOf(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (const end = text.trimEnd().length; TOKEN.lastIndex < end; ) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`cannot read "${text.slice(from)}" in "${text}"`);
    const [, number, name, sign] = found;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({ kind, text: number ?? name ?? sign });
  }
  return tokens;
}

function nullSafe(apply, ...inputs) {
  return (scope) => {
    const values = inputs.map((input) => input(scope));
    return values.includes(null) ? null : apply(...values);
  };
}

/** A whole path may be a name of its own, as in a map of paths; a path that is not there is a mistake of claims.yaml. */
function lookUp(scope, path) {
  let value = scope;
  for (const key of path.split('.')) {
    if (value === null) return null;
    if (typeof value !== 'object' || !(key in value)) {
      throw new Error(`there is no ${path}: ${key} is not among ${Object.keys(value).join(', ')}`);
    }
    value = value[key];
  }
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`${path} is no number`);
}
