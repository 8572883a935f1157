import { z } from 'zod';
import { collectorType } from '../collector.ts';

/** A source that counts from 0 and must not lose its place: point n has value n and a time of its own. */
export const counter = collectorType(
	z.object({ until: z.number(), fromMicros: z.number(), perEmission: z.number().default(10) }),
	({ until, fromMicros, perEmission }) => ({
		async start(emitter, signal) {
			const stream = emitter.stream({ key: 'counter/value' });
			let next = Number(emitter.cursor() ?? 0);
			while (next < until && !signal.aborted) {
				const group: Promise<void>[] = [];
				for (let i = 0; i < 20 && next < until; i++) {
					const values = Array.from({ length: Math.min(perEmission, until - next) }, (_, k) => next + k);
					const seen = values.map((v) => ({ stream, tMicros: fromMicros + v, v, quality: 192 as const }));
					next += values.length;
					group.push(emitter.emit({ seen, cursor: next }));
				}
				await Promise.all(group);
			}
		},
	}),
);
