/** The figure form of a plain schema: the same keys, every leaf a figure with its source. */
import { z } from 'zod';
import { strict } from './values.ts';

/** What wraps a leaf: `{ value, source, date, grade }`. */
export type FigureOf = (leaf: z.ZodType) => z.ZodType;

type Leaf = string | number | boolean | null | readonly unknown[];

/** A plain type with every leaf in its figure. */
export type Figured<T, Provenance> = T extends undefined
  ? undefined
  : T extends Leaf
    ? { value: T } & Provenance
    : { [Key in keyof T]: Figured<T[Key], Provenance> };

/** Maps and records are walked; lists, unions and all else are leaves. Checks of a whole map stay with the plain form. */
export function figureForm<Plain extends z.ZodType, Provenance>(
  plain: Plain,
  figureOf: FigureOf,
): z.ZodType<Figured<z.infer<Plain>, Provenance>> {
  return formOf(plain, figureOf) as z.ZodType<Figured<z.infer<Plain>, Provenance>>;
}

function formOf(schema: z.ZodType, figureOf: FigureOf): z.ZodType {
  if (schema instanceof z.ZodOptional) {
    return formOf(schema.unwrap() as z.ZodType, figureOf).optional();
  }
  if (schema instanceof z.ZodRecord) {
    const value = formOf(schema.valueType as z.ZodType, figureOf);
    return z.record(schema.keyType as z.ZodString, value);
  }
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = {};
    for (const [key, child] of Object.entries(schema.shape)) {
      shape[key] = formOf(child as z.ZodType, figureOf);
    }
    return strict(shape);
  }
  return figureOf(schema);
}
