import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLANT_URI } from '#collectors/opcua/testing/plant-uri.ts';
import { startPlant, type Plant } from '#collectors/opcua/testing/plant.ts';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { killIfThere, removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { startModbusDevice, type ModbusDevice } from '../support/pymodbus.ts';
import { until } from '../support/until.ts';

/**
 * The drill of machines that are asked: two real devices count, each number is read once, while collector, hub and
 * devices are killed in turn. A device keeps nothing, so numbers are missing afterwards; but none may be there twice, and
 * where one is missing there has to be a gap, or a rule would run across it.
 */
export interface MachinesDrillResult {
	readonly kills: readonly MachinesTarget[];
	/** Points of each stream. */
	readonly points: Readonly<Record<string, number>>;
	/** Places at which numbers are missing, all of them in a gap. */
	readonly holes: number;
	readonly faults: readonly string[];
}

export type MachinesTarget = 'collector' | 'hub' | 'modbus device' | 'opcua server';

const STREAMS = ['drill/modbus', 'drill/opcua'];
const PATIENCE_MS = 60_000;
/** Numbers that a server on a busy machine has counted between two of its samples: nobody was told of them. */
const UNSAMPLED = 4;
/** Points of each stream between two kills. */
const PER_ROUND = 20;

interface Scene {
	product: Product;
	readonly device: ModbusDevice;
	readonly plant: Plant;
	readonly restart: (port: number) => Promise<Product>;
}

export async function runMachinesDrill(kills: readonly MachinesTarget[]): Promise<MachinesDrillResult> {
	const device = await startModbusDevice('tcp');
	const plant = await startPlant();
	const dataFolder = tempFolder('machines-drill');
	const env = configure({ device, plant, dataFolder });
	const scene: Scene = {
		product: await startProduct({ dataFolder, env }),
		device,
		plant,
		restart: (port) => startProduct({ dataFolder, env, port }),
	};
	try {
		await grow(scene);
		for (const target of kills) {
			await strike(target, scene);
			await grow(scene);
		}
		return { kills, ...(await compare(scene.product)) };
	} finally {
		await scene.product.stop();
		await device.kill();
		await plant.remove();
		removeFolder(dataFolder);
	}
}

function configure(own: { readonly device: ModbusDevice; readonly plant: Plant; readonly dataFolder: string }) {
	const file = join(own.dataFolder, 'sigmascope.yaml');
	writeFileSync(
		file,
		`collectors:
  - name: plc
    type: modbus
    url: tcp://127.0.0.1:${own.device.port}
    every: 100ms
    registers: [{ table: holding, address: 60, stream: ${STREAMS[0]} }]
  - name: cell
    type: opcua
    url: ${own.plant.url}
    silence: 2s
    items: [{ node: "nsu=${PLANT_URI};s=Count", stream: ${STREAMS[1]}, every: 50ms, trigger: change }]
`,
	);
	return { SIGMASCOPE_CONFIG: file };
}

async function strike(target: MachinesTarget, scene: Scene): Promise<void> {
	const { product, device, plant } = scene;
	switch (target) {
		case 'collector':
			return killIfThere(await until(() => product.children('collectors/main.ts')[0], PATIENCE_MS));
		case 'hub':
			await product.kill();
			scene.product = await scene.restart(Number(new URL(product.url).port));
			return;
		case 'modbus device':
			await device.kill();
			return device.start();
		case 'opcua server':
			await plant.kill();
			return plant.start();
	}
}

/** Waits for so many more points of every stream. */
async function grow({ product }: Scene): Promise<void> {
	const before = await Promise.all(STREAMS.map(async (key) => (await pointsOf(product, key)).t.at(-1) ?? 0));
	for (const [i, key] of STREAMS.entries())
		await until(
			async () => (await pointsOf(product, key)).t.filter((t) => t > (before[i] ?? 0)).length >= PER_ROUND,
			PATIENCE_MS,
		);
}

/** Waits while the hub has just been started and its store is not there yet. */
function pointsOf(product: Product, key: string): Promise<Pick<ApiPoints, 't' | 'v' | 'gaps'>> {
	const read = async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
		const stream = items.find((one) => one.key === key);
		if (!stream) return { t: [], v: [], gaps: [] };
		return product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?from=0&to=${Date.now() * 1000 + 6e7}`);
	};
	return until(() => read().catch(() => undefined), PATIENCE_MS);
}

async function compare(product: Product) {
	const faults: string[] = [];
	const points: Record<string, number> = {};
	let holes = 0;
	for (const key of STREAMS) {
		const { t, v, gaps } = await pointsOf(product, key);
		points[key] = v.length;
		for (let i = 1; i < v.length; i++) {
			const [from = 0, to = 0] = [t[i - 1], t[i]];
			if (to <= from) faults.push(`${key}: ${to} stands after ${from}`);
			const step = (v[i] ?? 0) - (v[i - 1] ?? 0);
			if (step === 1 || (step > 1 && step <= UNSAMPLED)) continue;
			holes++;
			// A device that was started again counts from the beginning; it must not repeat what it had said.
			if (step === 0) faults.push(`${key}: ${v[i]} stands there twice, at ${from} and ${to}`);
			if (!gaps.some(([begin, end]) => begin >= from && end <= to && end > begin))
				faults.push(`${key}: no gap between ${v[i - 1]} at ${from} and ${v[i]} at ${to}`);
		}
	}
	return { points, holes, faults };
}
