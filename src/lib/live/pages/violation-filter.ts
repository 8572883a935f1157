import type { ViolationQuery } from '#lib/live/api.ts';

/** What the list of violations shows; stands in the address, so a view can be sent to somebody. */
export interface ViolationFilter {
	readonly show: 'active' | 'open' | 'all';
	readonly rule: string;
	readonly stream: string;
}

/** Anything that an address may hold; what is not known shows what is open. */
export function parseFilter(search: URLSearchParams): ViolationFilter {
	const show = search.get('show');
	return {
		show: show === 'active' || show === 'all' ? show : 'open',
		rule: search.get('rule') ?? '',
		stream: search.get('stream') ?? '',
	};
}

/** @returns empty for the usual view */
export function encodeFilter({ show, rule, stream }: ViolationFilter): string {
	const search = new URLSearchParams();
	if (show !== 'open') search.set('show', show);
	if (rule !== '') search.set('rule', rule);
	if (stream !== '') search.set('stream', stream);
	const text = search.toString();
	return text === '' ? '' : `?${text}`;
}

export function queryOf({ show, rule, stream }: ViolationFilter): ViolationQuery {
	return {
		...(show === 'active' ? { active: true } : show === 'open' ? { state: 'open' } : {}),
		...(rule === '' ? {} : { rule }),
		...(stream === '' ? {} : { stream }),
	};
}
