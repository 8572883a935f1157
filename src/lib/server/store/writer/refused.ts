import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { Journal } from '#server/journal/port.ts';
import type { Refusal } from './insert.ts';
import type { WriterMetrics } from './metrics.ts';

export interface SetAsideOptions {
	readonly journal: Journal;
	readonly partition: number;
	readonly log: Logger;
	readonly metrics: WriterMetrics;
	readonly label: { readonly partition: string };
}

/**
 * Keeps what the store will not take in the journal's topic `refused`, once each, counted and said.
 *
 * A journal without room must not stop it: only an advancing writer lets the journal be trimmed. Then the log is what
 * remains.
 */
export async function setAside(options: SetAsideOptions, refusals: readonly Refusal[]): Promise<void> {
	const { journal, partition, log, metrics, label } = options;
	for (const refusal of refusals) {
		const { token, table, code, reason, count } = refusal;
		metrics.refused.inc({ ...label, table }, count);
		log.warn({ token, table, code, count, reason }, 'the store refused this for its content; it is set aside');
		const bytes = Buffer.from(JSON.stringify(refusal));
		try {
			await journal.publish({ topic: 'refused', partition, id: { key: `store/${table}/${token}` }, bytes });
		} catch (error) {
			log.error({ refusal, cause: messageOf(error) }, 'cannot set aside what the store refused');
		}
	}
}
