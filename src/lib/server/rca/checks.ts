import type { CauseName } from '#contracts/cause.ts';

/** What to look at next, for each cause: the quickest thing that would settle it. */
export const NEXT_CHECK: Readonly<Record<CauseName, string>> = {
	'provider-slowdown':
		"Look at the provider's status page and at its other models; send a probe by another region or provider.",
	'provider-errors': "Look at the provider's status page and at the bodies of the failed calls; turn on the fallback.",
	'rate-limited':
		'Compare the calls per minute with the quota; look for a job that shares the key; back off as retry-after says.',
	'model-version-change':
		'Ask for the version that answered before by its full name and compare; then learn new limits.',
	'prompt-length-change':
		'Compare a prompt of before with one of now: what grew? A template, the history or retrieved text?',
	'output-length-change': 'Compare answers of before and now, and max_tokens; look for a changed instruction.',
	'cache-change':
		'Check whether the beginning of the prompt is still the same to the byte, and how far calls are apart.',
	'client-or-network': 'Look at processor, network and connections of the machine that calls; try from another one.',
	'cold-start': 'See whether only the first calls after a pause are slow; keep the model loaded or warm it up.',
	queueing:
		'Compare calls at the same time with what the server takes; look at its queue, add capacity or spread the load.',
	'sensor-stuck': 'Look at the raw signal of the sensor, its cable and its input card; compare with a hand-held meter.',
	'sensor-noise': 'Check shielding, grounding and the tightness of the sensor; look for a new drive or radio nearby.',
	'sensor-bias': 'Measure the same place with a second instrument; look up the last calibration.',
	'process-shift':
		'Go to the machine: what was changed, jammed or leaks since the onset? Compare with the other streams that moved.',
	'setpoint-change': 'Ask who changed the setpoint and why; if it stays, begin a new phase and learn new limits.',
	'tool-wear-drift': 'Look at the tool and how long it has been in use; change it and see whether the level returns.',
	'upstream-disturbance': 'Look at the stream upstream that moved first, and what happened there.',
	'cyclic-environment':
		'Compare with room temperature, air conditioning, shifts and compressed air; look at what has this period.',
	'mixed-sources': 'Separate the points by cavity, spindle, supplier or lot and chart each on its own.',
	'over-adjustment': 'Leave the machine alone for twenty points: does it settle? Check the gain of the controller.',
	'material-change': 'Compare with a piece of the batch before; look at the certificate of the new one.',
	'collector-or-clock': "Look at the collector's log, its clock and its configuration since the gap.",
	'stale-baseline': 'Decide whether where the process is now is right; if so, begin a new phase and learn new limits.',
	'normal-variation': 'Do nothing yet; see whether it comes back. Changing the process now would make it worse.',
	unknown: 'Note what was different at that time and compare with the streams of the same machine by eye.',
};
