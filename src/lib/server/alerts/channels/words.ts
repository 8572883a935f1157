import type { AlertChange, AlertContent, AlertItem } from '#contracts/alert.ts';
import { ruleWords } from '#contracts/rule-words.ts';

const CHANGES: Readonly<Record<AlertChange, string>> = {
	opened: 'opened',
	ended: 'ended',
	updated: 'goes on',
	acknowledged: 'acknowledged',
	resolved: 'resolved',
};

export function capital(text: string): string {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What comes from outside has no line ends and nothing that cannot be seen; cut to what a line holds. */
export function plain(text: string, most = 150): string {
	const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
	return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}

const LEADING = ['i', 'xbar'];

/** `press-1/temperature: Nine in a row on one side` */
export function itemWords({ stream, violation }: AlertItem): string {
	// The two charts of a stream signal by the same rules.
	const chart = LEADING.includes(violation.chart) ? '' : ` (${violation.chart} chart)`;
	return `${plain(stream.key)}: ${plain(ruleWords(violation.rule), 80)}${chart}`;
}

/** `4.25 °C, centre 0, 4.25 sigma above`; undefined where there is no value (no data). */
export function valueWords({ stream, violation }: AlertItem): string | undefined {
	const { value, centre, sigma } = violation;
	// From stored JSON: what is no number is null there.
	if (!Number.isFinite(value ?? NaN)) return undefined;
	const unit = stream.unit === '' ? '' : ` ${plain(stream.unit, 20)}`;
	const words = [`${number(value)}${unit}`];
	if (Number.isFinite(centre ?? NaN)) words.push(`centre ${number(centre)}${unit}`);
	const deviation = (value - centre) / sigma;
	if (sigma > 0 && Number.isFinite(deviation))
		words.push(`${number(Math.abs(deviation))} sigma ${deviation < 0 ? 'below' : 'above'}`);
	return words.join(', ');
}

function number(value: number): string {
	return String(Number(value.toPrecision(4)));
}

export function changeWords({ change, violation }: AlertItem): string {
	if (change === 'opened' && !violation.active) return 'opened, and has ended';
	return CHANGES[change];
}

/** One line for a notification: what, where, how grave. */
export function summary(content: AlertContent, isTest = false): string {
	const [first] = content.items;
	if (isTest) return `Test of route ${content.route}: nothing has happened`;
	if (!first) return `${capital(content.severity)}: ${content.count} violations`;
	if (content.count === 1) return `${capital(content.severity)}: ${itemWords(first)} (${changeWords(first)})`;
	return `${capital(content.severity)}: ${countWords(content)} on ${plain(first.stream.site, 60)}`;
}

/** `12 violations opened, 3 ended` */
export function countWords({ counts }: Pick<AlertContent, 'counts'>): string {
	const parts = Object.entries(counts).map(([change, count], i) => {
		const what = i === 0 ? `${count} ${count === 1 ? 'violation' : 'violations'}` : String(count);
		return `${what} ${CHANGES[change as AlertChange]}`;
	});
	return parts.join(', ');
}
