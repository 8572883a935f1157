import type { AlertChange, AlertContent, AlertItem } from '#contracts/alert.ts';
import { localNumber } from '#lib/format/number.ts';
import { ruleWords } from '#lib/format/rule-words.ts';
import { severityWords } from '#lib/format/violation-words.ts';
import * as m from '#messages';

interface ChangeWords {
	readonly one: () => string;
	/** Of several. */
	readonly others: (of: { readonly count: number }) => string;
	/** Of several, with what they are. */
	readonly violations: (of: { readonly count: number }) => string;
}

const CHANGES: Readonly<Record<AlertChange, ChangeWords>> = {
	opened: { one: m.alerts_opened, others: m.alerts_n_opened, violations: m.alerts_violations_opened },
	ended: { one: m.alerts_ended, others: m.alerts_n_ended, violations: m.alerts_violations_ended },
	updated: { one: m.alerts_updated, others: m.alerts_n_updated, violations: m.alerts_violations_updated },
	acknowledged: {
		one: m.alerts_acknowledged,
		others: m.alerts_n_acknowledged,
		violations: m.alerts_violations_acknowledged,
	},
	resolved: { one: m.alerts_resolved, others: m.alerts_n_resolved, violations: m.alerts_violations_resolved },
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
	const of = { stream: plain(stream.key), rule: plain(ruleWords(violation.rule), 80) };
	return LEADING.includes(violation.chart) ? m.alerts_item(of) : m.alerts_item_chart({ ...of, chart: violation.chart });
}

/** `4.25 °C, centre 0, 4.25 sigma above`; undefined where there is no value (no data). */
export function valueWords({ stream, violation }: AlertItem): string | undefined {
	const { value, centre, sigma } = violation;
	// From stored JSON: what is no number is null there.
	if (!Number.isFinite(value ?? NaN)) return undefined;
	const unit = stream.unit === '' ? '' : ` ${plain(stream.unit, 20)}`;
	const words = [`${number(value)}${unit}`];
	if (Number.isFinite(centre ?? NaN)) words.push(m.alerts_centre({ value: `${number(centre)}${unit}` }));
	const deviation = (value - centre) / sigma;
	if (sigma > 0 && Number.isFinite(deviation))
		words.push(
			(deviation < 0 ? m.alerts_sigma_below : m.alerts_sigma_above)({ distance: number(Math.abs(deviation)) }),
		);
	return words.join(', ');
}

function number(value: number): string {
	return localNumber(String(Number(value.toPrecision(4))));
}

export function changeWords({ change, violation }: AlertItem): string {
	if (change === 'opened' && !violation.active) return m.alerts_opened_ended();
	return CHANGES[change].one();
}

/** One line for a notification: what, where, how grave. */
export function summary(content: AlertContent, isTest = false): string {
	const [first] = content.items;
	const severity = severityWords(content.severity);
	if (isTest) return m.alerts_test_of({ route: content.route });
	if (!first) return m.alerts_summary_many({ severity, count: content.count });
	if (content.count === 1)
		return m.alerts_summary_one({ severity, item: itemWords(first), change: changeWords(first) });
	return m.alerts_summary_site({ severity, counts: countWords(content), site: plain(first.stream.site, 60) });
}

/** `12 violations opened, 3 ended` */
export function countWords({ counts }: Pick<AlertContent, 'counts'>): string {
	return Object.entries(counts)
		.map(([change, count], i) => {
			const { others, violations } = CHANGES[change as AlertChange];
			return (i === 0 ? violations : others)({ count });
		})
		.join(', ');
}
