import type { AlertChange, AlertContent, AlertItem } from '#contracts/alert.ts';
import { toApiViolation } from '#contracts/api.ts';
import type { Language } from '#contracts/language.ts';
import type { AlertTold } from '../metadata/port-alerts.ts';
import { severityOfGroup } from './routes.ts';

type Shown = AlertTold['shown'][number];

/** What a message says of what a group has waiting; the first violation in full, of the others no context. */
export function contentOf(
	{ route, group, language }: { readonly route: string; readonly group: string; readonly language: Language },
	{ changes, shown }: AlertTold,
): AlertContent {
	const counts: Partial<Record<AlertChange, number>> = {};
	for (const { change } of changes) counts[change] = (counts[change] ?? 0) + 1;
	return {
		route,
		severity: severityOfGroup(group),
		language,
		items: shown.map((one, i) => itemOf(one, i === 0)),
		count: changes.length,
		counts,
		violationIds: changes.map(({ id }) => id),
	};
}

function itemOf({ change, violation, of }: Shown, isFirst: boolean): AlertItem {
	const { id, key, labels, site, asset, unit } = of.stream;
	const stream = { id: String(id), key, labels, site, asset, unit };
	const full = toApiViolation(violation, { id: stream.id, key, labels, site, unit });
	const without = { ...full, context: { before: [], at: [], after: [], complete: false } };
	return { change, violation: isFirst ? full : without, stream, reaction: of.plan.reaction };
}
