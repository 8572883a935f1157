/** A rolling bearing whose inner ring turns. */
export interface Bearing {
	/** Rolling elements. */
	readonly balls: number;
	/** Their diameter, and that of the circle of their centres, in one unit. */
	readonly ball: number;
	readonly pitch: number;
	/** Contact angle in degrees; 0 of a deep groove ball bearing. */
	readonly angle: number;
}

/** How often a damage of each part is rolled over, in Hz. */
export interface BearingFrequencies {
	/** Outer ring. */
	readonly bpfo: number;
	/** Inner ring. */
	readonly bpfi: number;
	/** A rolling element turns so often; its damage meets a ring twice in each turn. */
	readonly bsf: number;
	/** The cage. */
	readonly ftf: number;
}

/**
 * Kinematic frequencies, without slip (Randall and Antoni, MSSP 25, 2011, eq. 1 to 4).
 *
 * @param shaftHz turns of the inner ring a second
 */
export function bearingFrequencies({ balls, ball, pitch, angle }: Bearing, shaftHz: number): BearingFrequencies {
	const ratio = (ball / pitch) * Math.cos((angle * Math.PI) / 180);
	return {
		bpfo: (balls / 2) * shaftHz * (1 - ratio),
		bpfi: (balls / 2) * shaftHz * (1 + ratio),
		bsf: (pitch / (2 * ball)) * shaftHz * (1 - ratio ** 2),
		ftf: (shaftHz / 2) * (1 - ratio),
	};
}
