import { formatTime } from '#contracts/time.ts';

/** A number as people read it: three digits that count. */
export function shown(value: number): string {
	if (!Number.isFinite(value)) return '—';
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
	return String(Number(value.toPrecision(size >= 100 ? 4 : 3)));
}

export function shownSpan(micros: number): string {
	const s = Math.abs(micros) / 1e6;
	if (s < 0.0995) return `${shown(s * 1000)} ms`;
	if (s < 120) return `${shown(s)} s`;
	if (s < 7200) return `${shown(s / 60)} min`;
	return s < 172_800 ? `${shown(s / 3600)} h` : `${shown(s / 86_400)} days`;
}

export const percent = (share: number) => `${shown(share * 100)} %`;

export function pointsQuery(streamId: number, fromMicros: number, toMicros: number): string {
	const [from, to] = [fromMicros, toMicros].map((micros) => formatTime(Math.round(micros)));
	return `GET /api/v1/streams/${streamId}/points?from=${from}&to=${to}&maxPoints=1000`;
}
