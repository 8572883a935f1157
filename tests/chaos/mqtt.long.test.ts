import { describe, expect, it } from 'vitest';
import { brokerNote, noBroker } from '../support/mosquitto.ts';
import { runMqttDrill, type MqttTarget } from './mqtt-drill.ts';

const ROUND: readonly MqttTarget[] = ['collector', 'broker', 'hub', 'broker'];

describe.skipIf(noBroker)(`rounds of kill -9 of collector, hub and broker under messages of QoS 1${brokerNote}`, () => {
	it.each(['5', '3.1.1'] as const)(
		'leave every message in the API exactly once and in order, with MQTT %s',
		async (protocol) => {
			const kills = Array.from({ length: 5 }, () => ROUND).flat();
			const result = await runMqttDrill({ kills, protocol });
			process.stdout.write(`${JSON.stringify(result)}\n`);
			expect(result.faults).toEqual([]);
		},
	);
});
