import { describe, expect, it } from 'vitest';
import type { Subject } from './contract-subject.ts';
import type { AnalysisFeedback, NarrationRecord } from './port-rca.ts';

export function rcaContract({ metadata, reopen }: Subject): void {
	const by = (id: string) => ({ name: id, id, address: null });
	const said = (more: Partial<AnalysisFeedback>): AnalysisFeedback => ({
		...{ violationId: 'v1', site: 'plant-a', signature: 'machine shift', named: 'process-shift', verdict: 'up' },
		...{ cause: null, by: by('person:1') },
		...more,
	});
	const told = (more: Partial<NarrationRecord>): NarrationRecord => ({
		...{ key: 'k', violationId: 'v1', provider: 'ollama', model: 'm', prompt: 'narration-1', outcome: 'told' },
		...{ reason: null, text: 'text', citations: ['E1'], costUsd: 0.5, atMicros: Date.now() * 1000 },
		...more,
	});

	describe('feedback on analyses', () => {
		it('counts for what was named, and for what it really was', async () => {
			await metadata().rca.addFeedback(said({}));
			await metadata().rca.addFeedback(said({ by: by('person:2'), verdict: 'down', cause: 'sensor-bias' }));
			await reopen();
			expect(await metadata().rca.feedbackOn('plant-a', 'machine shift')).toEqual([
				{ cause: 'process-shift', right: 1, wrong: 1 },
				{ cause: 'sensor-bias', right: 1, wrong: 0 },
			]);
		});
		it('of one person on one violation is the last one', async () => {
			for (const verdict of ['up', 'up', 'down'] as const) await metadata().rca.addFeedback(said({ verdict }));
			expect(await metadata().rca.feedbackOn('plant-a', 'machine shift')).toEqual([
				{ cause: 'process-shift', right: 0, wrong: 1 },
			]);
		});
		it('stays on its site, and is in the audit', async () => {
			await metadata().rca.addFeedback(said({}));
			expect(await metadata().rca.feedbackOn('plant-b', 'machine shift')).toEqual([]);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], limit: 5 });
			expect(items.map(({ act, subject }) => [act, subject])).toEqual([['analysis.feedback', 'violation:v1']]);
		});
	});

	describe('questions to language models', () => {
		it('are found by their key when they were told, the newest first', async () => {
			const now = Date.now() * 1000;
			await metadata().rca.addNarration(told({ text: 'old', atMicros: now - 5 }));
			await metadata().rca.addNarration(told({ text: 'new', atMicros: now }));
			await metadata().rca.addNarration(told({ outcome: 'refused', text: null, atMicros: now + 5 }));
			await reopen();
			expect(await metadata().rca.narration(['other', 'k'])).toEqual(told({ text: 'new', atMicros: now }));
			expect(await metadata().rca.narration(['other'])).toBeUndefined();
		});
		it('cost what they cost, also those that came to nothing', async () => {
			const now = Date.now() * 1000;
			await metadata().rca.addNarration(told({ atMicros: now }));
			await metadata().rca.addNarration(told({ outcome: 'failed', atMicros: now }));
			expect(await metadata().rca.spentUsd(now)).toBe(1);
			expect(await metadata().rca.spentUsd(now + 1)).toBe(0);
		});
	});
}
