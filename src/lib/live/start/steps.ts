import type { Me } from '#lib/live/me.svelte.ts';

/** What the first day is made of; each ticks itself by a fact. */
export const STEPS = ['account', 'point', 'limits', 'plan', 'route', 'colleague'] as const;
export type Step = (typeof STEPS)[number];

/** Of what this reader may know; undefined: not his to know, so it is not on his list. */
export type Facts = Readonly<Record<Step, boolean | undefined>>;

export interface Seen {
	/** Of the plant, without our own. */
	readonly streams: readonly { readonly state: string; readonly last: unknown }[];
	readonly isSetUp: boolean | undefined;
	readonly people: number | undefined;
	readonly routes: number | undefined;
	readonly planActs: number | undefined;
}

export function factsOf({ streams, isSetUp, people, routes, planActs }: Seen): Facts {
	const some = (count: number | undefined, least: number) => (count === undefined ? undefined : count >= least);
	return {
		account: isSetUp,
		point: streams.some(({ last }) => last !== null),
		limits: streams.some(({ state }) => state === 'in-control' || state === 'violating'),
		plan: some(planActs, 1),
		route: some(routes, 1),
		colleague: some(people, 2),
	};
}

/** Asks for what streams do not say. What is refused is not this reader's to know. */
export async function askFacts(
	access: Me['access'],
	fetcher: typeof fetch,
): Promise<Pick<Seen, 'people' | 'routes' | 'planActs'>> {
	const quiet = <T>(work: Promise<T>) => work.catch(() => undefined);
	const routesOf = async () => {
		const response = await fetcher('/api/v1/alerts');
		if (!response.ok) throw new Error('not to be seen');
		return ((await response.json()) as { readonly routes: readonly unknown[] }).routes.length;
	};
	const [people, acts, routes] = await Promise.all([
		quiet(access.people()),
		quiet(access.audit({ act: 'plan' })),
		quiet(routesOf()),
	]);
	return { people: people?.length, planActs: acts?.items.length, routes };
}
