/** Quality of a point, after OPC UA's three classes. */
export const QUALITY = { bad: 0, uncertain: 64, good: 192 } as const;
export type Quality = (typeof QUALITY)[keyof typeof QUALITY];

export function isQuality(value: unknown): value is Quality {
	return value === 0 || value === 64 || value === 192;
}

/** Bits of a point's flags. A late point is stored and shown but never judged live. */
export const FLAG = { late: 1, historical: 2, excluded: 4, censored: 8 } as const;

/** Points as columns, oldest first; all arrays have the same length. `tMicros` are integers in a double (exact below 2^53). */
export interface PointColumns {
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
	readonly quality: Uint8Array;
	readonly flags: Uint8Array;
}

/** A stretch without a value: bad quality without a value, a drop, a disconnect. Run rules do not look across it. */
export interface Gap {
	readonly streamId: number;
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly reason: string;
}
