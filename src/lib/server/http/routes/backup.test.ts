import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import type { BackupState } from '#server/backup/port.ts';
import { startHub, type Hub } from '../testing/hub.ts';

describe('a backup while the store is away', () => {
	let hub: Hub;
	beforeAll(async () => (hub = await startHub()));
	afterAll(() => hub.stop());
	const begin = () => hub.request('/api/v1/backups', { method: 'POST' });
	const newest = () => hub.get<BackupState>('/api/v1/backups/newest');

	it('is none before the first', async () => {
		expect((await hub.request('/api/v1/backups/newest')).status).toBe(404);
	});
	it('fails with the reason, and the next one may begin', async () => {
		const first = await begin();
		expect(first.status).toBe(202);
		const { id } = (await first.json()) as BackupState;
		const ended = await until(async () => {
			const state = await newest();
			return state.state !== 'running' && state;
		});
		expect(ended).toMatchObject({ id, state: 'failed', folder: null });
		expect(ended.error).toMatch(/store does not answer/);
		expect((await begin()).status).toBe(202);
		await until(async () => (await newest()).state === 'failed');
	});
	it('is counted', async () => {
		expect(await (await hub.request('/metrics')).text()).toMatch(/^sigmascope_backup_failures_total 2$/m);
	});
	it('is one at a time', async () => {
		const answers = await Promise.all([begin(), begin()]);
		expect(answers.map(({ status }) => status).sort()).toEqual([202, 503]);
		await until(async () => (await newest()).state === 'failed');
	});
});
