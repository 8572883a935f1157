import type { Kysely, Selectable } from 'kysely';
import { isCause, type CauseName } from '#contracts/cause.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { AnalysisFeedback, CauseCount, NarrationRecord, RcaRecords } from './port-rca.ts';
import type { RcaFeedbackTable, RcaNarrationsTable } from './rca-tables.ts';
import type { Tables } from './tables.ts';

/** Questions to language models are kept this long: for the budget, the cache and whoever asks what was said. */
const KEPT_MICROS = 90 * 86_400 * MICROS_PER_SECOND;

export function createRcaRecords(db: Kysely<Tables>, now: NowMicros): RcaRecords {
	return {
		addFeedback: (feedback) => addFeedback(db, feedback, now()),
		async feedbackOn(site, signature) {
			const rows = await db
				.selectFrom('rca_feedback')
				.select(['named', 'verdict', 'cause'])
				.where('site', '=', site)
				.where('signature', '=', signature)
				.execute();
			return countsOf(rows);
		},
		async addNarration(record) {
			await db
				.deleteFrom('rca_narrations')
				.where('at_micros', '<', now() - KEPT_MICROS)
				.execute();
			await db.insertInto('rca_narrations').values(toRow(record)).execute();
		},
		async narration(keys) {
			if (keys.length === 0) return undefined;
			const row = await db
				.selectFrom('rca_narrations')
				.selectAll()
				.where('narration_key', 'in', keys)
				.where('outcome', '=', 'told')
				.orderBy('at_micros', 'desc')
				.limit(1)
				.executeTakeFirst();
			return row && toRecord(row);
		},
		async spentUsd(sinceMicros) {
			const row = await db
				.selectFrom('rca_narrations')
				.select((eb) => eb.fn.sum<number | null>('cost_usd').as('usd'))
				.where('at_micros', '>=', sinceMicros)
				.executeTakeFirst();
			return Number(row?.usd ?? 0);
		},
	};
}

function addFeedback(db: Kysely<Tables>, feedback: AnalysisFeedback, atMicros: number): Promise<void> {
	const { violationId, site, signature, named, verdict, cause, by } = feedback;
	const said = { site, signature, named, verdict, cause, at_micros: atMicros };
	return db.transaction().execute(async (tx) => {
		await tx
			.insertInto('rca_feedback')
			.values({ violation_id: violationId, actor_id: by.id ?? by.name, ...said })
			.onConflict((oc) => oc.columns(['violation_id', 'actor_id']).doUpdateSet(said))
			.execute();
		const after = { named, verdict, cause };
		await addAct(tx, { atMicros, by, act: 'analysis.feedback', subject: `violation:${violationId}`, site, after });
	});
}

/** A thumb up is for what was named unless it says what it really was; a thumb down is against what was named. */
function countsOf(rows: readonly Pick<RcaFeedbackTable, 'named' | 'verdict' | 'cause'>[]): readonly CauseCount[] {
	const counts = new Map<CauseName, { right: number; wrong: number }>();
	const count = (name: string, kind: 'right' | 'wrong') => {
		if (!isCause(name)) return;
		const one = counts.get(name) ?? { right: 0, wrong: 0 };
		one[kind]++;
		counts.set(name, one);
	};
	for (const { named, verdict, cause } of rows) {
		if (verdict === 'up') count(cause ?? named, 'right');
		if (verdict === 'down') count(named, 'wrong');
		if (verdict === 'down' && cause !== null && cause !== named) count(cause, 'right');
	}
	return [...counts].map(([cause, count]) => ({ cause, ...count }));
}

function toRow(record: NarrationRecord): RcaNarrationsTable {
	const { key, violationId, citations, costUsd, atMicros, provider, model, prompt, outcome, reason, text } = record;
	return {
		...{ provider, model, prompt, outcome, reason, text },
		...{ narration_key: key, violation_id: violationId, at_micros: atMicros, cost_usd: costUsd },
		citations: JSON.stringify(citations),
	};
}

function toRecord(row: Selectable<RcaNarrationsTable>): NarrationRecord {
	const { provider, model, prompt, outcome, reason, text } = row;
	return {
		...{ provider, model, prompt, reason, text },
		outcome: outcome as NarrationRecord['outcome'],
		key: row.narration_key,
		violationId: row.violation_id,
		citations: JSON.parse(row.citations) as string[],
		costUsd: Number(row.cost_usd),
		atMicros: Number(row.at_micros),
	};
}
