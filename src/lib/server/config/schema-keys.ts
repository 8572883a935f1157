import { z } from 'zod';
import type { Path } from './positions.ts';

/** The keys that a schema knows for the object at a path: what a mistyped one may have meant. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
	const inner = unwrapped(schema);
	if (inner instanceof z.core.$ZodUnion) return [...new Set(inner._zod.def.options.flatMap((o) => keysAt(o, path)))];
	const [step, ...rest] = path;
	if (step === undefined) return inner instanceof z.core.$ZodObject ? Object.keys(inner._zod.def.shape) : [];
	const next = childOf(inner, step);
	return next === undefined ? [] : keysAt(next, rest);
}

function childOf(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
	if (schema instanceof z.core.$ZodObject) return schema._zod.def.shape[String(step)];
	if (schema instanceof z.core.$ZodArray) return schema._zod.def.element;
	if (schema instanceof z.core.$ZodRecord) return schema._zod.def.valueType;
	return undefined;
}

/** What is inside defaults, optionals and transforms. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
	if (schema instanceof z.core.$ZodDefault || schema instanceof z.core.$ZodOptional)
		return unwrapped(schema._zod.def.innerType);
	if (schema instanceof z.core.$ZodNullable) return unwrapped(schema._zod.def.innerType);
	if (schema instanceof z.core.$ZodPipe) return unwrapped(schema._zod.def.in);
	return schema;
}
