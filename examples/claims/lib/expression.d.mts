export type Scope = { readonly [name: string]: unknown };

/** @throws Error where the text is no expression; the function throws where a name is not in its scope */
export function parseExpression(text: string): (scope: Scope) => number | boolean | null;
