import type { ViolationQuery } from '#lib/live/api.ts';
import { GROUPINGS, type ApiGroup, type Grouping } from './triage-api.ts';

const SHOWS = ['open', 'active', 'unresolved', 'all'] as const;
export type Show = (typeof SHOWS)[number];

/** Of these one value or, empty, any; `none` of causes and people: those that have none. */
const NAMES = ['rule', 'stream', 'asset', 'severity', 'cause', 'assignee'] as const;

/** What the list of violations shows; stands in the address, so a view can be sent to somebody. */
export interface ViolationFilter extends Readonly<Record<(typeof NAMES)[number], string>> {
	readonly show: Show;
	/** What they are gathered by; empty: one after the other. */
	readonly group: Grouping | '';
}

export const USUAL: ViolationFilter = {
	show: 'open',
	rule: '',
	stream: '',
	asset: '',
	severity: '',
	cause: '',
	assignee: '',
	group: '',
};

/** Anything that an address may hold; what is not known shows what is open. */
export function parseFilter(search: URLSearchParams): ViolationFilter {
	const names = NAMES.map((name) => [name, search.get(name) ?? ''] as const);
	return {
		...USUAL,
		...Object.fromEntries(names),
		show: SHOWS.find((one) => one === search.get('show')) ?? 'open',
		group: GROUPINGS.find((one) => one === search.get('group')) ?? '',
	};
}

/** @returns empty for the usual view */
export function encodeFilter(filter: ViolationFilter): string {
	const search = new URLSearchParams();
	for (const name of ['show', ...NAMES, 'group'] as const)
		if (filter[name] !== USUAL[name]) search.set(name, filter[name]);
	const text = search.toString();
	return text === '' ? '' : `?${text}`;
}

/** Whether it leaves anything out besides what its state says. */
export function isNarrow(filter: ViolationFilter): boolean {
	return NAMES.some((name) => filter[name] !== '');
}

export function queryOf(filter: ViolationFilter): ViolationQuery {
	const { show } = filter;
	const asked = NAMES.flatMap((name) => (filter[name] === '' ? [] : [[name, filter[name]] as const]));
	return {
		...(show === 'active' ? { active: true } : show === 'all' ? {} : { state: show }),
		...Object.fromEntries(asked),
	};
}

/** @returns the filter that shows the members of a group */
export function filterOfGroup(filter: ViolationFilter, by: Grouping, { key }: Pick<ApiGroup, 'key'>): ViolationFilter {
	return { ...filter, group: '', [by]: key ?? 'none' };
}
