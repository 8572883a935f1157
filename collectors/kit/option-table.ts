import { z } from 'zod';

interface Property {
	readonly type?: string;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly anyOf?: readonly Property[];
	readonly default?: unknown;
	readonly description?: string;
}

/**
 * The options of a schema as a Markdown table, for the README of a collector; a test keeps the two the same.
 *
 * @param schema an object; each option says in `describe` what it means, with its unit
 */
export function optionTable(schema: z.ZodType): string {
	const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
		readonly properties?: Readonly<Record<string, Property>>;
		readonly required?: readonly string[];
	};
	const lines = Object.entries(json.properties ?? {}).map(([name, property]) => {
		const given = json.required?.includes(name) ? 'required' : code(property.default);
		return `| \`${name}\` | ${typeOf(property)} | ${given} | ${property.description ?? ''} |`;
	});
	return ['| option | type | default | meaning |', '|---|---|---|---|', ...lines].join('\n');
}

function typeOf(property: Property): string {
	if (property.anyOf) return property.anyOf.map(typeOf).join(' or ');
	if (property.enum) return property.enum.map(code).join(', ');
	if (property.const !== undefined) return code(property.const);
	return property.type ?? 'any';
}

function code(value: unknown): string {
	return value === undefined ? '' : `\`${typeof value === 'string' ? value || '""' : JSON.stringify(value)}\``;
}
