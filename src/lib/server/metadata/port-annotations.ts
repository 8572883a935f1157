import type { Annotation, AnnotationKind } from '#contracts/annotation.ts';
import type { BaselineAct } from '#contracts/command.ts';
import type { Actor } from './port-acts.ts';

export type NewAnnotation = Omit<Annotation, 'id' | 'by' | 'atMicros'>;

/** What somebody does about the baseline of a stream. */
export interface BaselineChange {
	readonly streamId: number;
	/** What the engine is told, in this order. */
	readonly commands: readonly BaselineAct[];
	readonly act: 'learn' | 'freeze' | 'phase' | 'exclude' | 'include';
	readonly reason: string;
	readonly by: Actor;
	readonly add: readonly NewAnnotation[];
	/** Ids of what is taken away. */
	readonly remove: readonly number[];
}

export interface AnnotationFilter {
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly kind?: AnnotationKind;
}

export interface AnnotationRecords {
	/** Oldest first; with a stretch, those that touch it. */
	of(streamId: number, filter?: AnnotationFilter): Promise<readonly Annotation[]>;
	add(annotation: NewAnnotation, by: Actor): Promise<Annotation>;
	/** @returns undefined when the stream has none of this id */
	remove(streamId: number, id: number, by: Actor): Promise<Annotation | undefined>;
	/** With outbox rows for the engine, in one transaction. @returns what was added */
	actOnBaseline(change: BaselineChange): Promise<readonly Annotation[]>;
}
