import { expect } from 'vitest';
import type { ChartScript } from './chart-script.ts';

/** What a script can ask of an answer, whether it came from the library or over HTTP. */
export interface GoldenAnswer {
	readonly charts: object;
	readonly signals: readonly {
		readonly chart: string;
		readonly rule: number | string;
		readonly index: number;
		readonly span: readonly number[];
	}[];
	readonly capability?: object;
}

/** Limits to the digits written; these signals and no other. */
export function expectAnswer({ cells, signals, indices }: ChartScript, answer: GoldenAnswer): void {
	const charts = answer.charts as Record<string, Record<string, readonly (number | null)[]>>;
	for (const { chart, column, value, index } of cells)
		expectDigits(charts[chart]?.[column]?.[index], value, `${chart} ${column} at ${index}`);
	const capability = (answer.capability ?? {}) as Record<string, Record<string, number | null> | null>;
	for (const { name, part, value } of indices) expectDigits(capability[name]?.[part], value, `${name} ${part}`);
	const keyOf = ({ chart, rule, index }: { chart: string; rule: unknown; index: number }) =>
		`${chart} ${String(rule)} at ${index}`;
	expect(answer.signals.map(keyOf).sort()).toEqual(signals.map(keyOf).sort());
	for (const signal of signals)
		if (signal.span) expect(answer.signals.find((one) => keyOf(one) === keyOf(signal))!.span).toEqual(signal.span);
}

function expectDigits(found: number | null | undefined, value: string, what: string): void {
	expect(found ?? NaN, what).toBeCloseTo(Number(value), (value.split('.')[1] ?? '').length);
}
