const TWO_32 = 4_294_967_296;

/**
 * How far this machine's clock is ahead of the server's, from the tick of a frame.
 *
 * @param tickMs the server's milliseconds modulo 2^32
 * @param nowMs this machine's clock
 * @returns milliseconds; right as long as the clocks are less than 24 days apart
 */
export function clockOffsetMs(tickMs: number, nowMs: number): number {
	const apart = (((nowMs - tickMs) % TWO_32) + TWO_32) % TWO_32;
	return apart > TWO_32 / 2 ? apart - TWO_32 : apart;
}
