/** Numbers as the page writes them: three significant digits, dollars with cents below 100, units always. */

export function grouped(value, digits = 0) {
  const [whole, part] = Math.abs(value).toFixed(digits).split('.');
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`);
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? `-${text}` : text;
}

export function significant(value, digits = 3) {
  if (value === 0) return '0';
  const places = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  const rounded = Number(value.toPrecision(digits));
  return grouped(rounded, Math.max(0, places))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** The sign before the dollar. */
function dollars(text) {
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}

const FORMS = {
  n: (value) => significant(value),
  usd: (value) => dollars(grouped(value, Math.abs(value) < 100 ? 2 : 0)),
  cents: (value) => dollars(grouped(value, 2)),
  usdFine: (value) => dollars(significant(value)),
  percent: (value) => `${significant(value * 100)} %`,
  s: (value) => `${significant(value)} s`,
  ms: (value) => `${significant(value * 1000)} ms`,
  min: (value) => `${significant(value / 60)} min`,
  h: (value) => `${significant(value)} h`,
  GB: (value) => `${significant(value)} GB`,
  perS: (value) => `${significant(value)}/s`,
  times: (value) => `${significant(value)}x`,
};

export function shown(value, form = 'n') {
  if (value === null) return '-';
  if (value === Number.POSITIVE_INFINITY) return 'unlimited';
  if (!(form in FORMS)) throw new Error(`${form} is no form: ${Object.keys(FORMS).join(', ')}`);
  return FORMS[form](value);
}

/** `12.3 h ± 0.4` : the half width in the unit of the mean */
export function shownCell({ mean, half }, form) {
  if (mean === null || half === null || half <= Math.abs(mean) * 5e-4) return shown(mean, form);
  const scale = form === 'percent' ? 100 : form === 'ms' ? 1000 : form === 'min' ? 1 / 60 : 1;
  return `${shown(mean, form)} ± ${significant(half * scale, 2)}`;
}
