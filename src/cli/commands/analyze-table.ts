import type { Answer, AnalyzedChart, Capability, CapabilityIndex, ChartSignal, CusumChart } from '#rules';

const MOST_EPISODES = 40;
const DEFAULT_COLUMNS = 100;

/** An answer for people: limits, signals grouped to episodes, capability, advice. */
export function tableOf(answer: Answer, { columns = DEFAULT_COLUMNS }: { columns?: number | undefined } = {}): string {
	const { cusum, ...charts } = answer.charts;
	const parts = [
		limitsTable(Object.entries(charts) as [string, AnalyzedChart][]),
		cusum ? cusumTable(cusum) : '',
		answer.capability ? capabilityTable(answer.capability) : '',
		estimatesLine(answer),
		answer.capability ? '' : signalsTable(answer),
		exclusionsLine(answer),
		planText(answer, columns),
		adviceText(answer, columns),
	];
	return parts.filter((part) => part !== '').join('\n\n');
}

function limitsTable(charts: readonly (readonly [string, AnalyzedChart])[]): string {
	if (charts.length === 0) return '';
	return table([
		['chart', 'points', 'lower limit', 'centre', 'upper limit', 'sigma'],
		...charts.map(([name, { statistic, lcl, centre, ucl, sigma }]) => [
			name,
			String(statistic.filter((v) => v !== null).length),
			...[lcl, centre, ucl, sigma].map(spreadOf),
		]),
	]);
}

/** What a column says where it is the same everywhere, else from where to where it goes. */
function spreadOf(column: readonly (number | null)[]): string {
	let [low, high] = [Infinity, -Infinity];
	for (const value of column)
		if (value !== null) {
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
	if (low > high) return '-';
	const [from, to] = [shown(low), shown(high)];
	return from === to ? from : `${from} to ${to}`;
}

function cusumTable({ plus, minus, h, out }: CusumChart): string {
	return table([
		['chart', 'points', 'limit h', 'largest plus', 'largest minus', 'points out'],
		[
			'cusum',
			String(plus.filter((v) => v !== null).length),
			h === null ? '-' : shown(h),
			...[plus, minus].map((sums) => shown(sums.reduce<number>((most, v) => Math.max(most, v ?? 0), 0))),
			String(out.length),
		],
	]);
}

const INDICES = ['cp', 'cpl', 'cpu', 'cpk', 'cpm', 'pp', 'ppk', 'ppm'] as const;

function capabilityTable(capability: Capability): string {
	const interval = (index: CapabilityIndex) =>
		index.low === null || index.high === null ? '-' : `${shown(index.low)} to ${shown(index.high)}`;
	const indices = INDICES.flatMap((name) => {
		const index = capability[name];
		return index === null ? [] : [[name, shown(index.value), interval(index)]];
	});
	const ppm = [
		['observed', capability.observedPpm],
		['expected, sigma within', capability.expectedPpm.within],
		['expected, sigma overall', capability.expectedPpm.overall],
	] as const;
	const side = (value: number | null) => (value === null ? '-' : shown(value));
	const outside = ppm.flatMap(([name, parts]) =>
		parts === null ? [] : [[name, side(parts.below), side(parts.above), shown(parts.total)]],
	);
	return [
		table([['index', 'value', 'confidence interval'], ...indices]),
		table([['outside, per million', 'below', 'above', 'together'], ...outside]),
	].join('\n\n');
}

function estimatesLine({ estimates, capability }: Answer): string {
	const all = {
		...estimates,
		...(capability ? { within: capability.sigmaWithin, overall: capability.sigmaOverall } : {}),
	};
	const parts = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name} ${shown(value)}`]));
	return parts.length === 0 ? '' : `estimates: ${parts.join(', ')}`;
}

interface Episode extends ChartSignal {
	to: number;
}

/** Signals of one rule and side at neighbouring points are one line. */
function episodesOf(signals: readonly ChartSignal[]): Episode[] {
	const episodes: Episode[] = [];
	const open = new Map<string, Episode>();
	for (const signal of signals) {
		const key = `${signal.chart} ${signal.rule} ${signal.side}`;
		const before = open.get(key);
		if (before !== undefined && before.to === signal.index - 1) before.to = signal.index;
		else {
			const episode = { ...signal, to: signal.index };
			open.set(key, episode);
			episodes.push(episode);
		}
	}
	return episodes.sort((a, b) => a.index - b.index);
}

function signalsTable({ signals, charts }: Answer): string {
	if (signals.length === 0) return 'no signal';
	const episodes = episodesOf(signals);
	const valueAt = ({ chart, index, side }: ChartSignal) => {
		if (chart === 'cusum') return charts.cusum?.[side === 'below' ? 'minus' : 'plus'][index] ?? null;
		return charts[chart as 'i']?.statistic[index] ?? null;
	};
	const rows = episodes.slice(0, MOST_EPISODES).map((episode) => {
		const value = valueAt(episode);
		return [
			episode.to > episode.index ? `${episode.index} to ${episode.to}` : String(episode.index),
			episode.chart,
			String(episode.rule),
			episode.side,
			String(episode.span[0]),
			value === null ? '-' : shown(value),
		];
	});
	const rest = episodes.length - rows.length;
	const head = ['point', 'chart', 'rule', 'side', 'pattern from', 'value'];
	const lines = table([head, ...rows]);
	return rest > 0 ? `${lines}\nand ${rest} more; --json has all` : lines;
}

function exclusionsLine({ excluded = [] }: Answer): string {
	if (excluded.length === 0) return '';
	return `left out of the limits, beyond them: ${excluded.map(({ index, chart }) => `${index} (${chart})`).join(', ')}`;
}

function planText({ plan }: Answer, columns: number): string {
	if (plan === undefined) return '';
	const { chart, transform, subgroup, residual, limitsSigma, predictedFalsePerDay } = plan;
	const parts = [
		`plan: ${chart}, transform ${transform}, ${subgroup} values a point, residual ${residual}`,
		`limits ${shown(limitsSigma)} sigma, ${shown(predictedFalsePerDay)} false alarms a day expected`,
	];
	return [wrap(parts.join('; '), columns), ...plan.reasons.map((reason) => wrap(`- ${reason}`, columns))].join('\n');
}

function adviceText({ advice }: Answer, columns: number): string {
	return advice.map(({ code, detail, suggestion }) => wrap(`${code}: ${detail}; ${suggestion}`, columns)).join('\n');
}

function wrap(text: string, columns: number): string {
	const lines: string[] = [''];
	for (const word of text.split(' ')) {
		const line = lines[lines.length - 1]!;
		if (line.length + word.length + 1 > columns && line !== '') lines.push(`  ${word}`);
		else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
	}
	return lines.join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows
		.map((row) =>
			row
				.map((cell, i) => cell.padEnd(widths[i]!))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** Six digits say where a limit is; more hide it. */
function shown(value: number): string {
	return String(Number(value.toPrecision(6)));
}
