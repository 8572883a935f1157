import type { ApiLimits, ApiViolation } from '#contracts/api.ts';
import { titleOfCause } from '#lib/format/analysis-words.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { messageOfFault } from '#lib/live/faults.ts';
import type { Me } from '#lib/live/me.svelte.ts';
import { createAlertsApi, type ApiViolationAct } from './alerts-api.ts';
import {
	createTriageApi,
	type ApiCase,
	type ApiKnownCause,
	type ApiNeighbour,
	type ApiSimilar,
	type ManyAct,
} from './triage-api.ts';

/** One violation, what is known around it, and what people do about it. */
export interface ViolationCase {
	/** Undefined until it is loaded. */
	readonly violation: ApiViolation | undefined;
	/** By which it was found; undefined when they are not kept any more. */
	readonly limits: ApiLimits | undefined;
	/** Undefined for who may look at the violation only. */
	readonly handled: ApiCase | undefined;
	readonly trail: readonly ApiViolationAct[];
	readonly causes: readonly ApiKnownCause[];
	readonly similar: ApiSimilar | undefined;
	readonly around: readonly ApiNeighbour[];
	/** What went wrong last, in words; empty when nothing did. */
	readonly fault: string;
	readonly isActing: boolean;
	act(act: ManyAct): Promise<void>;
	tick(step: string, isDone: boolean): Promise<void>;
	/** @returns whether it was taken */
	say(comment: string): Promise<boolean>;
	titleOfCause(name: string): string;
	stop(): void;
}

const NEED = { points: 1, charts: [] };

/** @param fetcher asks the server; the caller stops what this starts */
export function createViolationCase(
	id: string,
	{ app, me, fetcher }: { readonly app: App; readonly me: Me; readonly fetcher: typeof fetch },
): ViolationCase {
	const alerts = createAlertsApi(fetcher, () => app.nowMs);
	const triage = createTriageApi(fetcher);
	let violation = $state.raw<ApiViolation | undefined>();
	let limits = $state.raw<ApiLimits | undefined>();
	let handled = $state.raw<ApiCase | undefined>();
	let trail = $state.raw<readonly ApiViolationAct[]>([]);
	let causes = $state.raw<readonly ApiKnownCause[]>([]);
	let similar = $state.raw<ApiSimilar | undefined>();
	let around = $state.raw<readonly ApiNeighbour[]>([]);
	let fault = $state('');
	let isActing = $state(false);
	let subscribed: (() => void) | undefined;

	async function attempt(work: () => Promise<void>): Promise<void> {
		try {
			await work();
			fault = '';
		} catch (error) {
			fault = messageOfFault(error);
		}
	}

	const load = () =>
		attempt(async () => {
			const found = await app.api.violation(id);
			violation = found;
			watch(found.stream.id);
			limits = (await app.api.limits(found.stream.id)).find((one) => one.limitsId === found.limitsId);
			await loadCase();
		});

	/** Who may look only has the violation itself. */
	async function loadCase(): Promise<void> {
		if (me.who !== undefined && !me.may('read')) return;
		[handled, trail] = await Promise.all([triage.caseOf(id), alerts.trail(id)]);
	}

	/** What does not change while somebody looks. */
	const loadAround = () =>
		attempt(async () => {
			[similar, causes, around] = await Promise.all([triage.similar(id), triage.causes(), triage.around(id)]);
		});

	/** While it goes on, points and its end arrive by themselves. */
	function watch(stream: string): void {
		if (subscribed) return;
		const subscription = app.live.subscribe({ streams: [stream], need: NEED, rateHz: 1 });
		subscribed = () => subscription.stop();
	}

	void load();
	void loadAround();
	const unlisten = app.live.listen({
		onEvent: (event) => {
			if (event.violation?.id === id && event.violation.revision >= (violation?.revision ?? 0))
				violation = event.violation;
		},
		onConnection: (connection) => connection.state === 'live' && void load(),
	});

	return {
		get violation() {
			return violation;
		},
		get limits() {
			return limits;
		},
		get handled() {
			return handled;
		},
		get trail() {
			return trail;
		},
		get causes() {
			return causes;
		},
		get similar() {
			return similar;
		},
		get around() {
			return around;
		},
		get fault() {
			return fault;
		},
		get isActing() {
			return isActing;
		},
		async act({ act: what, ...body }) {
			isActing = true;
			await attempt(async () => {
				await alerts.act(id, what, body);
				violation = await app.api.violation(id);
				await loadCase();
				await app.directory.refresh();
			});
			isActing = false;
		},
		tick: (step, isDone) =>
			attempt(async () => {
				handled = await triage.tick(id, step, isDone);
				trail = await alerts.trail(id);
			}),
		async say(comment) {
			await attempt(async () => {
				await alerts.act(id, 'comment', { comment });
				trail = await alerts.trail(id);
			});
			return fault === '';
		},
		titleOfCause: (name) => titleOfCause(causes, name),
		stop() {
			unlisten();
			subscribed?.();
		},
	};
}
