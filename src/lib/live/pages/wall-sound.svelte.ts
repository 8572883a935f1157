import { onDestroy } from 'svelte';
import type { Severity } from '#contracts/violation.ts';
import { CALLS } from './wall-alarm.ts';

/** The wall's voice. A browser makes no sound before somebody has touched the page, unless it is told to at its start. */
export interface Sound {
	readonly isArmed: boolean;
}

const TONE_SECONDS = 0.22;
const LOUDNESS = 0.35;

/**
 * Sounds as long as there is something urgent. Lives as long as the component that makes it.
 *
 * @param urgency undefined: silence
 */
export function createSound(urgency: () => Severity | undefined): Sound {
	let context: AudioContext | undefined;
	let isArmed = $state(false);
	let timer: ReturnType<typeof setInterval> | undefined;

	function look(): void {
		isArmed = context?.state === 'running';
	}

	/** By any key or touch; needed again after the machine has slept. */
	function arm(): void {
		context ??= open();
		void context?.resume().then(look, look);
	}

	function open(): AudioContext | undefined {
		// Where there is no sound at all the wall says that it is not armed, and does everything else.
		if (!('AudioContext' in window)) return undefined;
		const made = new AudioContext();
		made.onstatechange = look;
		return made;
	}

	function call(severity: Severity): void {
		if (context?.state !== 'running') return;
		CALLS[severity].tonesHz.forEach((hz, i) => playTone(context!, hz, i * TONE_SECONDS));
	}

	$effect(() => {
		const severity = urgency();
		if (severity === undefined || !isArmed) return;
		call(severity);
		timer = setInterval(() => call(severity), CALLS[severity].everyMs);
		return () => clearInterval(timer);
	});

	const leaving = new AbortController();
	for (const event of ['pointerdown', 'keydown']) addEventListener(event, arm, { signal: leaving.signal });
	context = open();
	look();
	onDestroy(() => {
		leaving.abort();
		clearInterval(timer);
		void context?.close();
	});
	return {
		get isArmed() {
			return isArmed;
		},
	};
}

function playTone(context: AudioContext, hz: number, afterSeconds: number): void {
	const at = context.currentTime + afterSeconds;
	const tone = context.createOscillator();
	const volume = context.createGain();
	tone.frequency.value = hz;
	// Without its slopes a tone clicks.
	volume.gain.setValueAtTime(0, at);
	volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
	volume.gain.setValueAtTime(LOUDNESS, at + TONE_SECONDS - 0.05);
	volume.gain.linearRampToValueAtTime(0, at + TONE_SECONDS);
	tone.connect(volume).connect(context.destination);
	tone.onended = () => volume.disconnect();
	tone.start(at);
	tone.stop(at + TONE_SECONDS);
}
