/** The verdict on a claim follows from its rows and from nothing else. */

export const VERDICTS = {
  holds: 'holds',
  sometimes: 'holds if',
  not: 'does not hold',
  inexpressible: 'cannot be expressed',
};

/**
 * Holds: the rule of its table is true of every row. Does not hold: of none. Holds if: of some, or seeds disagree on one.
 * @param tables measured; none for a claim that cannot be expressed
 */
export function verdictOf(tables) {
  const judged = tables
    .map((table) => table.rows.filter(({ state }) => state !== null))
    .filter((rows) => rows.length > 0);
  const rows = judged.flat();
  const holding = rows.filter(isTrue);
  const unclear = rows.filter(({ state }) => state === 'unclear');
  const rules = judged.map((own) => ({ cases: own.length, holding: own.filter(isTrue).length }));
  const word =
    rows.length === 0
      ? VERDICTS.inexpressible
      : holding.length === rows.length
        ? VERDICTS.holds
        : holding.length + unclear.length === 0
          ? VERDICTS.not
          : VERDICTS.sometimes;
  return { word, cases: rows.length, holding: holding.length, unclear: unclear.length, rules };
}

function isTrue({ state }) {
  return state === true;
}

/** `holds if (5 of 12 cases)`, and for a claim with several rules `(5 of 24 cases: 0 of 12, 5 of 12)` */
export function verdictText({ word, cases, holding, unclear, rules }) {
  if (word !== VERDICTS.sometimes) return word;
  const each = rules.map((rule) => `${rule.holding} of ${rule.cases}`);
  const open = unclear === 0 ? '' : `, ${unclear} unclear`;
  return `${word} (${holding} of ${cases} cases${open}${each.length > 1 ? `: ${each.join(', ')}` : ''})`;
}
