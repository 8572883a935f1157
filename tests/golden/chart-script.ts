/** Golden scripts of whole analyses. */
export interface ChartScript {
	readonly title: string;
	readonly document: Record<string, unknown>;
	readonly cells: readonly { chart: string; column: string; value: string; index: number }[];
	readonly signals: readonly { chart: string; rule: string; index: number; span: readonly number[] | undefined }[];
	/** Of the capability: the name of an index, what of it, its value to the digits written. */
	readonly indices: readonly { name: string; part: string; value: string }[];
}

const LISTS = ['values', 'counts', 'phases', 'sizes'];

/**
 * Fields of an analysis, one line each, then what is expected of it:
 * ```
 * chart xbar-r            values 1 2 missing     subgroup 1 2 3     counts 4 5     sizes 50     phases 0 3
 * parts shaft bush        rules 1 2              rules westgard     rule {"name": "climb", "trend": 5}
 * baseline centre 74      baseline exclude 3 4   option lambda 0.2
 * expect xbar ucl 74.0134 at 0             to the digits written
 * expect capability cpk low 1.448          value, low or high
 * expect rule 1 on xbar at 1 span 1..1     every signal has its line
 * expect nothing
 * ```
 * @throws Error with the number of the line that cannot be read
 */
export function parseChartScript(text: string): ChartScript {
	const document: Record<string, unknown> = {};
	const fields: Record<string, Record<string, unknown>> = { baseline: {}, option: {} };
	const script = { title: '', document, cells: [], signals: [], indices: [] } as {
		title: string;
		document: Record<string, unknown>;
		cells: ChartScript['cells'][number][];
		signals: ChartScript['signals'][number][];
		indices: ChartScript['indices'][number][];
	};
	const [subgroups, written]: [unknown[], unknown[]] = [[], []];
	text.split('\n').forEach((line, i) => {
		const [verb = '', ...words] = line.trim().split(/\s+/);
		const [first = '', ...rest] = words;
		if (verb === '') return;
		else if (verb === '#') script.title ||= words.join(' ');
		else if (verb === 'chart') document['chart'] = first;
		else if (verb === 'subgroup') subgroups.push(words.map(valueOf));
		else if (verb === 'sizes' && rest.length === 0) document['sizes'] = valueOf(first);
		else if (LISTS.includes(verb)) document[verb] = [...((document[verb] as unknown[]) ?? []), ...words.map(valueOf)];
		else if (verb === 'parts') document['parts'] = words;
		else if (verb === 'rules') document['rules'] = Number.isNaN(Number(first)) ? first : words.map(valueOf);
		else if (verb === 'rule') written.push(JSON.parse(words.join(' ')));
		else if (verb in fields) fields[verb]![first] = first === 'exclude' ? rest.map(valueOf) : valueOf(rest[0] ?? '');
		else if (verb === 'expect' && first === 'rule') script.signals.push(signalOf(rest));
		else if (verb === 'expect' && first === 'capability')
			script.indices.push({ name: rest[0] ?? '', part: rest[1] ?? '', value: rest[2] ?? '' });
		else if (verb === 'expect' && words.length === 5)
			script.cells.push({ chart: first, column: rest[0]!, value: rest[1]!, index: Number(rest[3]) });
		else if (line !== 'expect nothing') throw new Error(`line ${i + 1}: cannot read ${JSON.stringify(line)}`);
	});
	Object.assign(document, { baseline: fields['baseline'], options: fields['option'] });
	if (subgroups.length > 0) document['subgroups'] = subgroups;
	if (written.length > 0) document['rules'] = written;
	return script;
}

function valueOf(word: string): unknown {
	if (word === 'missing') return null;
	if (word === 'true') return true;
	return Number.isNaN(Number(word)) ? word : Number(word);
}

/** `1 on xbar at 1 span 1..1` */
function signalOf([rule = '', , chart = '', , at, , span]: readonly string[]): ChartScript['signals'][number] {
	return { chart, rule, index: Number(at), span: span?.split('..').map(Number) };
}
