import type { ApiAdvice, ApiLimits, ApiPoints } from '#contracts/api.ts';
import { LEADING } from '#contracts/charted.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { ApiError, type Fault, type TaggedPlan } from '#lib/live/api.ts';
import type { App } from '#lib/live/app.svelte.ts';
import * as m from '#messages';

/** So many of the newest points the advice looks at. */
const LOOKED_AT = 1000;

/** What the plan page of one stream shows. */
export interface PlanView {
	readonly plan: PlanInput | undefined;
	readonly advice: ApiAdvice | undefined;
	/** The points that the advice looked at, for its preview. */
	readonly points: ApiPoints | undefined;
	/** Every version, newest first. */
	readonly limits: readonly ApiLimits[];
	/** Why something could not be read, or done. */
	readonly fault: string;
	/** Of the plan that was put last, with their places. */
	readonly faults: readonly Fault[];
	readonly adviceFault: string;
	readonly busy: boolean;
	/** What became of the last change; empty before one. */
	readonly done: string;
	/** @returns whether the plan is in force now */
	put(plan: object, done: string): Promise<boolean>;
	stop(): void;
}

export function createPlanView(app: App, stream: string): PlanView {
	let current = $state.raw<TaggedPlan | undefined>();
	let advice = $state.raw<ApiAdvice | undefined>();
	let points = $state.raw<ApiPoints | undefined>();
	let limits = $state.raw<readonly ApiLimits[]>([]);
	let fault = $state('');
	let faults = $state.raw<readonly Fault[]>([]);
	let adviceFault = $state('');
	let busy = $state(false);
	let done = $state('');

	// Its state and how far it has learnt are said here too.
	const subscription = app.live.subscribe({ streams: [stream], need: { points: 1, charts: LEADING }, rateHz: 1 });
	const unlisten = app.live.listen({
		onEvent: (event) => {
			if (event.limits && String(event.limits.streamId) === stream) void loadLimits();
		},
		onConnection: (connection) => {
			if (connection.state === 'live') void loadPlan();
		},
	});

	async function attempt(work: () => Promise<void>, tell: (fault: string) => void): Promise<void> {
		try {
			await work();
			tell('');
		} catch (error) {
			tell(error instanceof Error ? error.message : String(error));
		}
	}

	const loadPlan = () =>
		attempt(
			async () => void (current = await app.api.taggedPlan(stream)),
			(text) => (fault = text),
		);
	const loadLimits = () =>
		attempt(
			async () => void (limits = (await app.api.limits(stream)).toReversed()),
			(text) => (fault = text),
		);
	const loadAdvice = () =>
		attempt(
			async () => {
				advice = await app.api.advice(stream, LOOKED_AT);
				points = await app.api.points(stream, { last: LOOKED_AT });
			},
			(text) => (adviceFault = text),
		);

	async function put(plan: object, words: string): Promise<boolean> {
		if (!current) return false;
		busy = true;
		[done, fault, faults] = ['', '', []];
		try {
			current = await app.api.putPlan(stream, plan, current.tag);
			done = words;
			void loadLimits();
			void loadAdvice();
			return true;
		} catch (error) {
			await explain(error);
			return false;
		} finally {
			busy = false;
		}
	}

	/** Somebody else was faster: what is in force now is shown, and nothing of theirs is lost. */
	async function explain(error: unknown): Promise<void> {
		const words = error instanceof Error ? error.message : String(error);
		if (!(error instanceof ApiError)) return void (fault = words);
		if (error.status === 412) {
			await Promise.all([loadPlan(), loadAdvice()]);
			fault = m.plan_changed_meanwhile({ words });
			return;
		}
		faults = error.faults;
		fault = error.status === 403 ? m.plan_not_allowed({ words }) : words;
	}

	void loadPlan();
	void loadLimits();
	void loadAdvice();

	return {
		get plan() {
			return current?.plan;
		},
		get advice() {
			return advice;
		},
		get points() {
			return points;
		},
		get limits() {
			return limits;
		},
		get fault() {
			return fault;
		},
		get faults() {
			return faults;
		},
		get adviceFault() {
			return adviceFault;
		},
		get busy() {
			return busy;
		},
		get done() {
			return done;
		},
		put,
		stop() {
			subscription.stop();
			unlisten();
		},
	};
}
