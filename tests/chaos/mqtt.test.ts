import { describe, expect, it } from 'vitest';
import { brokerNote, noBroker } from '../support/mosquitto.ts';
import { runMqttDrill } from './mqtt-drill.ts';

describe.skipIf(noBroker)(`kill -9 of collector, hub and broker under messages of QoS 1${brokerNote}`, () => {
	it('leaves every message in the API exactly once and in order', { timeout: 180_000 }, async () => {
		const result = await runMqttDrill({ kills: ['collector', 'broker', 'hub'], protocol: '5' });
		expect(result.faults).toEqual([]);
		expect(result.published).toBeGreaterThan(5000);
	});
});
