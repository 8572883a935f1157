/** `GET /api/v1/status`: whether the server does what it is for, for everybody who may look at anything. */
export interface ApiStatus {
	/** As `/readyz` says it. */
	readonly status: 'ready' | 'degraded' | 'down';
	readonly startedAt: string;
	readonly parts: readonly {
		readonly name: string;
		/** In a word or two: up, starting, down, … */
		readonly state: string;
		/** Since the start, or since it was first seen so. */
		readonly since: string;
	}[];
	/** When a part was not well, newest first; null = it is not yet. Of our own streams of health: none where those are off. */
	readonly incidents: readonly ApiIncident[];
}

export interface ApiIncident {
	readonly part: string;
	readonly from: string;
	readonly to: string | null;
}
