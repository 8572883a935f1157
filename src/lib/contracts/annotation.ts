import { formatTime } from './time.ts';

/** What people leave on a stream: a remark, a pinned readout, points taken out of the baseline, the beginning of a phase. */
export const ANNOTATION_KINDS = ['comment', 'pin', 'exclusion', 'phase'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** Of one point where both times are the same. */
export interface Annotation {
	readonly id: number;
	readonly streamId: number;
	readonly kind: AnnotationKind;
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly text: string;
	readonly by: string;
	readonly atMicros: number;
}

export interface ApiAnnotation {
	readonly id: string;
	readonly kind: AnnotationKind;
	readonly from: string;
	readonly to: string;
	readonly text: string;
	/** Who left it, and when. */
	readonly by: string;
	readonly at: string;
}

export function toApiAnnotation({ id, kind, fromMicros, toMicros, text, by, atMicros }: Annotation): ApiAnnotation {
	return {
		id: String(id),
		kind,
		from: formatTime(fromMicros),
		to: formatTime(toMicros),
		text,
		by,
		at: formatTime(atMicros),
	};
}
