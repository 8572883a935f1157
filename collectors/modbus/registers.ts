import type { TagEvent } from '../kit/tag-event.ts';
import type { Track, Tracks } from '../kit/track.ts';
import { QUALITY } from '#contracts/point.ts';
import { extentOf, isBits, typeOf, type ModbusConfig, type Register } from './config.ts';
import { bitsOf, decodeNumber } from './number-type.ts';
import type { Extent, Request } from './packing.ts';

/** One register of the configuration: where it lies, and the stream that it becomes. */
export interface Wanted extends Extent {
	readonly register: Register;
	readonly track: Track;
	readonly everyMs: number;
	/** It is not asked for until then: the device has said that it has no such thing. */
	restUntilMicros: number;
}

/** @throws ConfigError when a stream cannot be named so */
export function openRegisters(config: ModbusConfig, tracks: Tracks): Wanted[] {
	return config.registers.map((register, i) => {
		const { stream: key, unit, labels } = register;
		const tag = register.event && tracks.openEvent({ key, event: register.event });
		const track = tag ? trackOf(tag) : tracks.open({ key, unit, labels, entry: `registers[${i}]` });
		const everyMs = register.every ?? config.every;
		return { ...extentOf(register, config.unitId), register, track, everyMs, restUntilMicros: 0 };
	});
}

/** What is read of it is no point, and what is not read no gap. */
function trackOf(tag: TagEvent): Track {
	return { lastMicros: tag.lastMicros, point: (tMicros, v) => tag.take(tMicros, v), none() {}, interrupt() {} };
}

/** The values of one answer, each to its stream. */
export function takeAnswer(request: Request<Wanted>, bytes: Uint8Array, tMicros: number): void {
	for (const wanted of request.wanted) {
		const v = valueOf(wanted, bytes.subarray(...placeIn(request, wanted)));
		if (Number.isFinite(v)) wanted.track.point(tMicros, v, QUALITY.good);
		else wanted.track.none(tMicros, 'the device says that it has no value');
	}
}

/** @param bytes of this register alone */
function valueOf({ register, table }: Wanted, bytes: Uint8Array): number {
	const { order, bit, bits, missing, scale, offset } = register;
	if (isBits(table)) return (bytes[0] ?? NaN) * scale + offset;
	const raw = decodeNumber(bytes, typeOf(register), order);
	if (missing.includes(raw)) return NaN;
	const v = bit === undefined ? raw : bitsOf(raw, { first: bit, count: bits });
	return v * scale + offset;
}

function placeIn(request: Extent, { table, address, count }: Extent): [number, number] {
	const bytesEach = isBits(table) ? 1 : 2;
	const from = (address - request.address) * bytesEach;
	return [from, from + count * bytesEach];
}
