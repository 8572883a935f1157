import { describe, expect, it } from 'vitest';
import { noPymodbus, pymodbusNote } from '../support/pymodbus.ts';
import { runMachinesDrill, type MachinesTarget } from './machines-drill.ts';

const ROUND: readonly MachinesTarget[] = ['collector', 'modbus device', 'opcua server', 'hub'];

describe.skipIf(noPymodbus)(`rounds of kill -9 of collector, hub and machines that count${pymodbusNote}`, () => {
	it('leave no number twice, and a gap wherever one is missing', async () => {
		const result = await runMachinesDrill(Array.from({ length: 2 }, () => ROUND).flat());
		process.stdout.write(`${JSON.stringify(result)}\n`);
		expect(result.faults).toEqual([]);
		expect(result.holes).toBeGreaterThan(0);
	});
});
