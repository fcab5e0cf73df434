/** What continuous integration asks besides the objectives: a budget, or any figure of the result. */
import { type Mistake, UserError } from '../../base/errors.ts';
import type { Gate } from '../compare-document.ts';
import type { Result } from '../document.ts';
import type { Json } from '../json.ts';
import { getAt, parseKeyPath } from '../key-path.ts';
import { compare, type FigureObjective, parseObjective } from '../slo.ts';

const BUDGET = /^\$?\s*(\d[\d,]*(?:\.\d+)?)\s*\/\s*(month|mo|h|hour)$/i;

/** `$2,500/month` or `$3.40/h` as the gate that it is. @throws UserError if it is neither */
export function budgetGate(text: string): string {
  const [, amount, unit = ''] = BUDGET.exec(text.trim()) ?? [];
  if (amount === undefined) {
    const message = `${text} is no budget: write '$2500/month' or '$3.40/h'`;
    throw new UserError([{ at: '--budget', path: null, message }]);
  }
  const figure = /^m/i.test(unit) ? 'cost.usdPerMonth' : 'cost.usdPerHour';
  return `${figure} <= ${amount.replaceAll(',', '')}`;
}

/** @throws UserError with all that are no gate */
export function parseGates(texts: readonly string[]): readonly FigureObjective[] {
  const mistakes: Mistake[] = [];
  const gates = texts.flatMap((text) => {
    const parsed = parseObjective(text);
    if (typeof parsed !== 'string' && parsed.kind === 'figure' && parsed.endpoint === undefined) {
      return [parsed];
    }
    const message =
      typeof parsed === 'string'
        ? parsed
        : 'is an objective on latency or of an endpoint: give it with --slo, which the gate holds too';
    mistakes.push({ at: `--gate ${text}`, path: null, message });
    return [];
  });
  if (mistakes.length > 0) throw new UserError(mistakes);
  return gates;
}

export function gateOf(
  { text, figure, comparison, value: limit }: FigureObjective,
  result: Result,
): Gate {
  const found = getAt(result as unknown as Json, parseKeyPath(figure));
  const value = typeof found === 'number' ? found : null;
  return { gate: text, value, holds: value !== null && compare(value, comparison, limit) };
}
