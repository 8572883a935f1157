import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiLimits } from '#contracts/api.ts';
import type { EventMark, NoteMark, Stretch } from '#lib/chart/overlay.ts';
import type { Range } from '#lib/chart/view.ts';
import { formatCount } from '#lib/format/number.ts';
import { eventMarks } from './event-marks.ts';
import { createStreamApi, type BaselineAnswer, type BaselineRequest } from './stream-api.ts';
import { ApiError, type TaggedPlan } from '#lib/live/api.ts';
import * as m from '#messages';

/** Something that was done here, and what takes it back. */
export interface Done {
	readonly words: string;
	readonly undo: (() => Promise<void>) | undefined;
}

/** What people leave on a stream and do about its baseline, with a way back from each. */
export interface StreamNotes {
	readonly annotations: readonly ApiAnnotation[];
	readonly marks: readonly NoteMark[];
	readonly excluded: readonly Stretch[];
	readonly events: readonly EventMark[];
	readonly fault: string;
	readonly busy: boolean;
	/** The newest deed of this page. */
	readonly done: Done | undefined;
	/** Comments and exclusions of one point or stretch. */
	at(stretch: Stretch): readonly ApiAnnotation[];
	comment(stretch: Stretch, text: string): Promise<void>;
	/** Pins a point, or takes its pin away. */
	pin(tMs: number): Promise<void>;
	/** Takes a comment or a pin away, or puts points back. */
	remove(annotation: ApiAnnotation): Promise<void>;
	exclude(stretch: Stretch, reason: string): Promise<void>;
	learn(stretch: Stretch): Promise<void>;
	phase(name: string): Promise<void>;
	freeze(): Promise<void>;
	dismiss(): void;
	/** Events of what is shown now, and what others have left. */
	refresh(range: Range | undefined): void;
	stop(): void;
}

export const stretchOf = ({ from, to }: Pick<ApiAnnotation, 'from' | 'to'>): Stretch => ({
	fromMs: Date.parse(from),
	toMs: Date.parse(to),
});

const EVENTS_AFTER_MS = 300;
/** Of microseconds in a text a date keeps milliseconds. */
const REST_MS = 0.999;

export function createStreamNotes(parts: {
	readonly stream: string;
	readonly fetch: typeof fetch;
	/** Of the chart that leads, newest first. */
	readonly limits: () => readonly ApiLimits[];
}): StreamNotes {
	const api = createStreamApi(parts.fetch, parts.stream);
	let annotations = $state.raw<readonly ApiAnnotation[]>([]);
	let events = $state.raw<readonly EventMark[]>([]);
	let fault = $state('');
	let busy = $state(false);
	let done = $state.raw<Done | undefined>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let asked = '';
	/** As this page knows it: what is done about a baseline is done about this plan, or not at all. */
	let looked: Promise<TaggedPlan> | undefined;
	const marks = $derived(annotations.flatMap(toMark));
	const excluded = $derived(
		annotations.filter(({ kind }) => kind === 'exclusion').map((one) => widened(stretchOf(one))),
	);

	async function load(): Promise<void> {
		// Who may not read them sees the chart without.
		annotations = await api.annotations().catch(() => annotations);
	}

	/** @returns false when it was refused, which is said */
	async function perform(work: () => Promise<Done | undefined>): Promise<void> {
		if (busy) return;
		busy = true;
		try {
			done = await work();
			fault = '';
		} catch (error) {
			const isOther = error instanceof ApiError && error.status === 412;
			if (isOther) looked = undefined;
			fault = isOther ? m.stream_plan_of_another() : error instanceof Error ? error.message : String(error);
		} finally {
			busy = false;
		}
		await load();
	}

	/** Undoing is a deed without a way back of its own. */
	const back = (work: () => Promise<unknown>) => () =>
		perform(async () => {
			await work();
			return { words: m.stream_taken_back(), undo: undefined };
		});

	/** The plan that who acts here has before his eyes; who may not read it may not act either. */
	const lookedAt = () => (looked ??= api.plan());

	async function baseline(request: BaselineRequest): Promise<BaselineAnswer> {
		const { plan, tag } = await lookedAt();
		const answer = await api.baseline(request, tag);
		if (answer.tag !== tag)
			looked = request.action === 'freeze' ? undefined : Promise.resolve({ plan, tag: answer.tag });
		return answer;
	}

	/** The plan of before, then the limits that it had learnt: they hold again, as a new version. */
	async function thaw(before: TaggedPlan, learnt: BaselineRequest): Promise<void> {
		const { tag } = await lookedAt();
		looked = Promise.resolve(await api.putPlan(before.plan, tag));
		await baseline(learnt);
	}
	const relearn = (): BaselineRequest | undefined => {
		const before = parts.limits()[0]?.baseline;
		return before ? { action: 'learn', stretch: widened(stretchOf(before)) } : undefined;
	};

	async function fetchEvents(range: Range): Promise<void> {
		const found = await api.events({ fromMs: range.minMs, toMs: range.maxMs }).catch(() => undefined);
		if (found) events = eventMarks(found);
	}

	void load();
	void lookedAt().catch(() => (looked = undefined));
	return {
		get annotations() {
			return annotations;
		},
		get marks() {
			return marks;
		},
		get excluded() {
			return excluded;
		},
		get events() {
			return events;
		},
		get fault() {
			return fault;
		},
		get busy() {
			return busy;
		},
		get done() {
			return done;
		},
		at: ({ fromMs, toMs }) =>
			annotations.filter((one) => {
				const own = widened(stretchOf(one));
				return own.fromMs <= toMs + REST_MS && own.toMs >= fromMs;
			}),
		comment: (stretch, text) =>
			perform(async () => {
				const { id } = await api.annotate('comment', stretch, text);
				return { words: m.stream_comment_saved(), undo: back(() => api.remove(id)) };
			}),
		pin: (tMs) =>
			perform(async () => {
				const pinned = annotations.find(({ kind, from }) => kind === 'pin' && Math.abs(Date.parse(from) - tMs) <= 1);
				if (pinned) {
					await api.remove(pinned.id);
					return {
						words: m.stream_pin_taken_away(),
						undo: back(() => api.annotate('pin', stretchOf(pinned), pinned.text)),
					};
				}
				const { id } = await api.annotate('pin', { fromMs: tMs, toMs: tMs }, '');
				return { words: m.stream_pinned(), undo: back(() => api.remove(id)) };
			}),
		remove: (annotation) =>
			perform(async () => {
				const { id, kind, text } = annotation;
				const stretch = widened(stretchOf(annotation));
				if (kind === 'exclusion') {
					await baseline({ action: 'include', annotation: id });
					return {
						words: m.stream_put_back_into_the_baseline(),
						undo: back(() => baseline({ action: 'exclude', stretch, reason: text })),
					};
				}
				await api.remove(id);
				const again = kind === 'pin' ? 'pin' : 'comment';
				return { words: m.stream_taken_away(), undo: back(() => api.annotate(again, stretchOf(annotation), text)) };
			}),
		exclude: (stretch, reason) =>
			perform(async () => {
				const before = parts.limits()[0]?.limitsId;
				const { annotations: made, limits } = await baseline({ action: 'exclude', stretch, reason });
				const learnt = limits.some(({ limitsId }) => limitsId === before) ? undefined : limits[0]?.baseline;
				const words = learnt
					? m.stream_taken_out_learnt({ points: formatCount(learnt.points - learnt.excluded, 'point') })
					: m.stream_taken_out_of_baseline();
				return {
					words,
					undo: made[0] && back(() => baseline({ action: 'include', annotation: made[0]?.id ?? '' })),
				};
			}),
		learn: (stretch) =>
			perform(async () => {
				const before = relearn();
				const { applied, limits } = await baseline({ action: 'learn', stretch });
				const points = limits[0]?.baseline?.points ?? 0;
				const words = applied
					? m.stream_limits_learnt({ points: formatCount(points, 'point') })
					: m.stream_limits_will_follow();
				return { words, undo: before && back(() => baseline(before)) };
			}),
		phase: (name) =>
			perform(async () => {
				const before = relearn();
				const { annotations: made } = await baseline({ action: 'phase', reason: name });
				const annotation = made[0]?.id;
				const undo =
					before?.action === 'learn' &&
					back(() => baseline({ ...before, ...(annotation !== undefined && { annotation }) }));
				return { words: m.stream_a_phase_begins_its_limits_are(), undo: undo || undefined };
			}),
		freeze: () =>
			perform(async () => {
				const [before, learnt] = [await lookedAt(), relearn()];
				await baseline({ action: 'freeze' });
				const isWritten = (await lookedAt()).tag !== before.tag;
				const undo = isWritten && learnt && back(() => thaw(before, learnt));
				return { words: m.stream_baseline_frozen(), undo: undo || undefined };
			}),
		dismiss() {
			[done, fault] = [undefined, ''];
		},
		refresh(range) {
			if (!range) return;
			// A live picture moves all the time; what happened is looked for again when it has moved by a tenth.
			const step = (range.maxMs - range.minMs) / 10;
			const key = `${Math.round(range.minMs / step)} ${Math.round(range.maxMs - range.minMs)}`;
			if (key === asked) return;
			asked = key;
			clearTimeout(timer);
			timer = setTimeout(() => void Promise.all([fetchEvents(range), load()]), EVENTS_AFTER_MS);
		},
		stop: () => clearTimeout(timer),
	};
}

/** Times in an answer have microseconds, a date has milliseconds: the whole millisecond is meant. */
function widened({ fromMs, toMs }: Stretch): Stretch {
	return { fromMs, toMs: toMs + REST_MS };
}

function toMark(annotation: ApiAnnotation): NoteMark[] {
	const { kind, text } = annotation;
	return kind === 'exclusion' ? [] : [{ kind, text, ...stretchOf(annotation) }];
}
