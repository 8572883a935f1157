import { analyze, DocumentError } from '#rules';
import { documentOfCsv } from '#contracts/analyze-csv.ts';
import { InputError, messageOf, type InputFault } from '#contracts/error.ts';

/** A body as it came, and what its query says of a CSV file. */
export interface Question {
	readonly text: string;
	/** undefined: the text is JSON, and says all itself. */
	readonly csv: Readonly<Record<string, string>> | undefined;
}

export type Judged = { readonly json: string } | { readonly title: string; readonly faults: readonly InputFault[] };

/** The answer of an analysis, or why there is none; here or in a thread. */
export async function judged({ text, csv }: Question): Promise<Judged> {
	try {
		const document = csv === undefined ? parseJson(text) : await documentOf(text, csv);
		return { json: JSON.stringify(analyze(document)) };
	} catch (error) {
		if (error instanceof DocumentError) return { title: 'cannot analyze this document', faults: error.faults };
		if (error instanceof InputError) return { title: error.message, faults: error.faults };
		throw error;
	}
}

/** What is quick is judged where it came in; `auto` tries many plans, however few the values. */
export function isLong({ text, csv }: Question): boolean {
	const LONG_CHARS = 128 * 1024;
	const auto = csv === undefined ? /"chart"\s*:\s*"auto"/.test(text) : csv['chart'] === 'auto';
	return auto || text.length > LONG_CHARS;
}

function parseJson(text: string): unknown {
	try {
		return text === '' ? {} : (JSON.parse(text) as unknown);
	} catch (error) {
		const message = `is not JSON: ${messageOf(error)}`;
		throw new InputError(`The body ${message}`, [{ path: '$', message }]);
	}
}

async function* whole(text: string): AsyncGenerator<string> {
	yield text;
}

/** Columns and numbers as the flags of `sigmascope analyze` name them; what is left are options. */
async function documentOf(text: string, query: NonNullable<Question['csv']>): Promise<Record<string, unknown>> {
	const {
		chart,
		column,
		columns,
		subgroup,
		size,
		part,
		phase,
		rules,
		baseline,
		exclude,
		revise,
		centre,
		sigma,
		...rest
	} = query;
	const question = {
		...{ chart, label: 'the CSV', flag: (name: string) => `${name} in the query` },
		columns: { column, columns: columns?.split(','), subgroup, size, part, phase },
	};
	return {
		...(await documentOfCsv(whole(text), question)),
		...(rules !== undefined && { rules: /^[\d,\s]+$/.test(rules) ? rules.split(',').map(Number) : rules }),
		baseline: filled({
			points: settingOf(baseline),
			exclude: exclude?.split(',').map(settingOf),
			revise: settingOf(revise),
			centre: settingOf(centre),
			sigma: settingOf(sigma),
		}),
		options: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, settingOf(value)])),
	};
}

/** The library says what is wrong with a value, and with a name that it does not know. */
function settingOf(text: string | undefined): unknown {
	if (text === 'true' || text === 'false') return text === 'true';
	return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function filled(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
