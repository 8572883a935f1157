import type { DerivedRule } from './derived.ts';
import type { Plan } from './plan.ts';
import type { Stream } from './stream.ts';

/** A journal record of topic `commands`: every input of the engine that is not rows. The engine acts at its position. */
export type Command =
	/** The owner of the partition says what time it is, about once a second: the only way time enters the engine. */
	| { readonly type: 'tick'; readonly tMicros: number }
	/** A stream and its plan, before its first point; again when plan or unit changed. */
	| { readonly type: 'stream'; readonly stream: Stream; readonly plan: Plan; readonly planRevision: number }
	/** Which streams are computed from others, all of them; before that none are. */
	| { readonly type: 'derived'; readonly rules: readonly DerivedRule[] }
	| {
			readonly type: 'gap';
			readonly streamId: number;
			readonly fromMicros: number;
			readonly toMicros: number;
			readonly reason: string;
	  }
	/** What a person does about the baseline of a stream. */
	| { readonly type: 'baseline'; readonly streamId: number; readonly act: BaselineAct };

export type BaselineAct =
	/** Limits from these values, in force from the next point on; null = nothing is looked across. */
	| {
			readonly kind: 'learn';
			readonly tMicros: readonly number[];
			readonly v: readonly (number | null)[];
			/** Values of the stretch that were left out. */
			readonly excluded: number;
	  }
	/** What has been gathered so far is enough. */
	| { readonly kind: 'settle' }
	/** The next point is the first of a new phase. */
	| { readonly kind: 'phase' }
	/** Points of a baseline that is being gathered do not count, or do again. */
	| { readonly kind: 'exclude' | 'include'; readonly fromMicros: number; readonly toMicros: number };

export function encodeCommand(command: Command): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(command));
}

/** @throws SyntaxError when the bytes are no JSON. No more is checked: only this hub writes to its journal. */
export function parseCommand(bytes: Uint8Array): Command {
	return JSON.parse(new TextDecoder().decode(bytes)) as Command;
}
