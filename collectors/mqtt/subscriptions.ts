import type { Subscription } from './config.ts';
import { filterCovers } from './topic.ts';

/** What the broker is asked for, on behalf of one or several entries of `subscribe`. */
export interface BrokerSubscription {
	readonly topic: string;
	readonly qos: 0 | 1;
	/** Indexes. */
	readonly entries: readonly number[];
}

/**
 * A filter that another one covers is not asked for: several brokers deliver a message once for each subscription that it
 * matches, so it comes once and is dealt out here.
 */
export function subscriptionsOf(subscribe: readonly Subscription[]): BrokerSubscription[] {
	const filters = subscribe.map(({ topic }) => topic.split('/'));
	const covers = (a: number, b: number) => filterCovers(filters[a] ?? [], filters[b] ?? []);
	const indexes = [...subscribe.keys()];
	// Of those that cover each other, which are equal, the first one.
	const isAsked = (i: number) => !indexes.some((k) => k !== i && covers(k, i) && (k < i || !covers(i, k)));
	return indexes.filter(isAsked).map((asked) => {
		const entries = indexes.filter((i) => covers(asked, i));
		const qos = entries.some((i) => subscribe[i]?.qos === 1) ? 1 : 0;
		return { topic: subscribe[asked]?.topic ?? '', qos, entries };
	});
}
