/** A made corpus: what a plant of presses, a machining centre, a furnace and language models has written down. By document, then heading. */
export const CORPUS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'machining-centre.md': {
		'Error 3021':
			'The drive of the main spindle is too hot. Let it cool for twenty minutes, clean the filter mat of the cabinet and check that the fan turns.',
		'Error 3022':
			'The encoder of the main spindle gives no signal. Check plug X14 and the shield of its cable before the encoder is replaced.',
		'Error 3107':
			'Axis Z has left its tolerance while it stood still. Look for play in the ball screw and a loose coupling.',
		'Error 4410':
			'The tool changer has not reached its end position. A chip under the gripper is the usual cause; blow it out and home the changer.',
		'Error 4417': 'The magazine has lost its reference. Run the reference cycle from page Service, never by hand.',
		'Alarm F07412':
			'The converter cannot find the commutation angle of the motor. Run pole position identification again after an encoder was exchanged.',
		'Spindle lubrication':
			'Grease the bearings of the main spindle every 500 hours with 4 g of Klüber NBU 15. Too much grease heats them.',
		'Warm-up':
			'Run the warm-up program for fifteen minutes after a night without work: dimensions drift by up to 12 µm while the casting takes its temperature.',
		'Coolant concentration':
			'Keep the emulsion between 7 and 9 percent with the refractometer. Below it parts rust, above it foam makes the level switch lie.',
		'Chip conveyor':
			'A conveyor that stops by itself has tripped its torque limit. Reverse it for five seconds, remove the nest of chips, reset the motor breaker Q12.',
		'Tool wear':
			'Inserts of grade P25 are exchanged after 340 parts. A slow rise of the bore diameter over a shift is the sign that it is time.',
		'Measuring probe':
			'Calibrate the probe with the ring gauge each Monday and after every collision. A dirty stylus shows as scatter without a trend.',
	},
	'press-line.md': {
		'E-118 light curtain':
			'The light curtain was interrupted during the stroke. Acknowledge with the key, then look for vibration of the bracket if nobody was there.',
		'E-204 lubrication pressure':
			'Pressure of the central lubrication stayed below 18 bar. Fill the reservoir and bleed the line at valve V3.',
		'E-231 overload':
			'The hydraulic overload has opened. Find out why the force was too high (double blank, wrong shut height) before it is closed again.',
		'E-305 clutch slip':
			'The clutch turns through. Measure the air pressure at 5.5 bar and the lining, which must be thicker than 6 mm.',
		'Shut height':
			'Set the shut height with the die closed and the counterbalance at its table value; 0.1 mm too low raises the force by about a tenth.',
		'Double blanks':
			'Two sheets stuck together damage the die. Spread magnets and an air knife separate them; the sensor is taught with one sheet.',
		'Die change':
			'Clean the bolster, clamp with 90 kN, move inching for three strokes without material. Enter the number of the die so that the force monitor loads its curve.',
		'Force monitor':
			'The envelope is learnt over ten good strokes. A curve that widens on one side means that a guide is worn.',
		'Strip feeder':
			'Length errors of the feeder come from slipping rolls: degrease them and raise the roll pressure by half a bar.',
		'Noise in the flywheel bearing':
			'A growl that follows the speed is the bearing of the flywheel. Take the vibration at 2 kHz and order part 77-4421 above 7 mm/s.',
	},
	'furnace.md': {
		'TC break':
			'A thermocouple that reads its upper limit is broken. The zone goes to manual at the last output; exchange it within the hour.',
		'Zone deviation':
			'A zone more than 8 K from its set point for ten minutes has a burnt heating element or an open door seal. Compare the three phase currents.',
		Atmosphere:
			'Dew point above minus 20 °C colours the parts blue. Check the nitrogen supply and the flame curtain at the entry.',
		'F-77 gas pressure low':
			'Supply of natural gas fell under 30 mbar and the burners were shut. Only the fitter may open the main valve again.',
		'F-81 flame failure':
			'The ionisation electrode saw no flame within five seconds. Clean it with fine emery and check its gap of 3 mm.',
		'Belt speed':
			'The conveyor belt stretches in its first weeks. Measure the time through the muffle with a marked part and correct the factor.',
		'Quench oil':
			'Oil above 85 °C hardens too softly. The cooler is cleaned on its water side each quarter; a rising bath is its first sign.',
		'Hardness too low':
			'When pieces come out soft, look first at how warm the bath is, then at the time in the muffle, last at the steel.',
		'Uniformity survey':
			'Nine probes are run through with the load each half year; the spread has to stay within 5 K (AMS 2750).',
	},
	'hydraulics.md': {
		'Pump noise':
			'A pump that rattles draws air: tighten the suction flange and look at the level. A whine points to a clogged suction strainer.',
		'Oil change':
			'HLP 46 is exchanged after 4000 hours or at a particle class above 18/16/13. Filter what is filled in.',
		Accumulator:
			'Nitrogen in the accumulator is checked monthly at 60 percent of the working pressure. Pressure peaks on the chart are what an empty one leaves.',
		'Proportional valve':
			'A valve that hunts has too much gain or silt in its spool. Dither of 80 Hz frees it; else it is flushed.',
		'Leakage at rod': 'Oil on the piston rod means a worn wiper. Change wiper and rod seal together, kit 33-0917.',
		'H-12 filter blocked':
			'The return filter has a difference above 2 bar. Replace element 0330 R 010; a warm start-up is not a reason.',
		'H-19 temperature high':
			'The tank is above 65 °C. Check the fan of the cooler and that the relief valve does not blow off all the time.',
	},
	'llm-operations.md': {
		'Rate limits':
			'Answers 429 mean that the quota of tokens a minute is used up. Spread the load, raise the tier, or send bulk work to the batch endpoint.',
		'Slow first token':
			'The time to the first token grows with the length of the prompt and with cold caches. Look at cached tokens before the provider is blamed.',
		'Model versions':
			'Providers change what stands behind a name. A new fingerprint together with a step in output length is a new version, not chance.',
		Failover:
			'After three failures in a minute traffic moves to the second provider and comes back after ten quiet minutes.',
		'Truncated answers':
			'An answer that ends without a finish reason was cut off on the way. Count it as a failure, never as a quick success.',
		'Cost alarm':
			'The budget of a day is 40 dollars. At four fifths somebody is told; at the whole of it nightly evaluations are paused.',
		'Prompt cache':
			'Keep what never changes at the front of the prompt. A date in the first line makes every request a miss.',
		'Self-hosted server':
			'Out of memory on the GPU shows as HTTP 500 with CUDA error 2. Lower max-num-seqs from 64 to 32 and restart vllm.',
	},
	'reports-2025.md': {
		'2025-03-11 bore diameter drift':
			'Bores on line 3 grew by 9 µm over two days. Cause: a coolant pump at half flow, found by the warm return. The impeller was exchanged.',
		'2025-04-02 press force steps':
			'Force rose in steps of 40 kN at each start. The counterbalance regulator leaked; a new diaphragm ended it.',
		'2025-05-19 soft gears':
			'A lot of 1,200 gears failed hardness. The oil bath stood at 97 °C since its cooler was calcified. All were hardened again.',
		'2025-06-30 network outage':
			'Six minutes of data were missing on every line. A switch in cabinet N4 had restarted after an update; nothing was lost because collectors kept it.',
		'2025-08-14 false alarms at night':
			'Temperatures signalled each night at two. The hall door was left open by the cleaning crew; a closer was fitted.',
		'2025-09-08 latency of the chatbot':
			'Answers took twice as long from 14:00. The provider had moved the model to another region; the contract names the region now.',
		'2025-10-21 probe collision':
			'The probe hit a clamp after a change of the fixture. Measured lengths were 0.3 mm off until it was calibrated.',
	},
};

/** Questions that nothing in the corpus is about. */
export const UNANSWERED: readonly string[] = [
	'football match yesterday evening',
	'recipe chocolate cake strawberries',
	'capital city of australia',
	'file my tax return',
	'holiday beaches in portugal',
	'weather forecast for berlin',
	'guitar chords for beginners',
	'mozart birthday',
	'cheap shoes online',
	'learn spanish verbs',
	'wedding dress rental',
	'cat food allergies',
];

/** Each question with the one section that answers it. */
export interface Labelled {
	readonly kind: 'code' | 'paraphrase' | 'typo';
	readonly q: string;
	readonly document: string;
	readonly heading: string;
}

const M = 'machining-centre.md';
const P = 'press-line.md';
const F = 'furnace.md';
const H = 'hydraulics.md';
const L = 'llm-operations.md';
const R = 'reports-2025.md';

const rows: readonly (readonly [Labelled['kind'], string, string, string])[] = [
	['code', 'Error 3021', M, 'Error 3021'],
	['code', '3022', M, 'Error 3022'],
	['code', 'what does error 3107 mean', M, 'Error 3107'],
	['code', 'ERROR 4410 tool changer', M, 'Error 4410'],
	['code', '4417', M, 'Error 4417'],
	['code', 'F07412', M, 'Alarm F07412'],
	['code', 'f 07412', M, 'Alarm F07412'],
	['code', 'E-118', P, 'E-118 light curtain'],
	['code', 'E118', P, 'E-118 light curtain'],
	['code', 'E 204', P, 'E-204 lubrication pressure'],
	['code', 'e-231', P, 'E-231 overload'],
	['code', 'E305 on press 1', P, 'E-305 clutch slip'],
	['code', 'part 77-4421', P, 'Noise in the flywheel bearing'],
	['code', '774421', P, 'Noise in the flywheel bearing'],
	['code', 'F-77', F, 'F-77 gas pressure low'],
	['code', 'F81', F, 'F-81 flame failure'],
	['code', 'AMS2750', F, 'Uniformity survey'],
	['code', 'H-12', H, 'H-12 filter blocked'],
	['code', 'H19', H, 'H-19 temperature high'],
	['code', 'seal kit 33-0917', H, 'Leakage at rod'],
	['code', 'HLP46', H, 'Oil change'],
	['code', 'HTTP 429', L, 'Rate limits'],
	['code', 'CUDA error 2', L, 'Self-hosted server'],
	['code', 'X14', M, 'Error 3022'],
	['code', 'Q12', M, 'Chip conveyor'],
	['paraphrase', 'main spindle motor overheats', M, 'Error 3021'],
	['paraphrase', 'how often do I oil the spindle', M, 'Spindle lubrication'],
	['paraphrase', 'parts are out of size in the morning', M, 'Warm-up'],
	['paraphrase', 'workpieces corrode after milling', M, 'Coolant concentration'],
	['paraphrase', 'when are cutting inserts replaced', M, 'Tool wear'],
	['paraphrase', 'swarf transport jammed', M, 'Chip conveyor'],
	['paraphrase', 'touch sensor gives noisy readings', M, 'Measuring probe'],
	['paraphrase', 'safety beam broken while nobody near', P, 'E-118 light curtain'],
	['paraphrase', 'two sheets fed at once', P, 'Double blanks'],
	['paraphrase', 'set up a new tool in the press', P, 'Die change'],
	['paraphrase', 'growling sound that depends on rpm', P, 'Noise in the flywheel bearing'],
	['paraphrase', 'feed length varies', P, 'Strip feeder'],
	['paraphrase', 'temperature sensor failed at maximum', F, 'TC break'],
	['paraphrase', 'gears are not hard enough', F, 'Hardness too low'],
	['paraphrase', 'blue discoloured parts', F, 'Atmosphere'],
	['paraphrase', 'burner does not ignite', F, 'F-81 flame failure'],
	['paraphrase', 'rattling hydraulic pump', H, 'Pump noise'],
	['paraphrase', 'oscillating valve', H, 'Proportional valve'],
	['paraphrase', 'oil dripping from cylinder', H, 'Leakage at rod'],
	['paraphrase', 'pressure spikes', H, 'Accumulator'],
	['paraphrase', 'we exceed the provider quota', L, 'Rate limits'],
	['paraphrase', 'response begins late for long prompts', L, 'Slow first token'],
	['paraphrase', 'model behaves differently since yesterday', L, 'Model versions'],
	['paraphrase', 'answer stops in the middle', L, 'Truncated answers'],
	['paraphrase', 'spending limit per day', L, 'Cost alarm'],
	['paraphrase', 'holes became larger over days', R, '2025-03-11 bore diameter drift'],
	['paraphrase', 'data missing after a switch rebooted', R, '2025-06-30 network outage'],
	['paraphrase', 'alarms every night because of the door', R, '2025-08-14 false alarms at night'],
	['typo', 'spindel lubrcation', M, 'Spindle lubrication'],
	['typo', 'colant concentration', M, 'Coolant concentration'],
	['typo', 'meassuring probe calibraton', M, 'Measuring probe'],
	['typo', 'cluch slip', P, 'E-305 clutch slip'],
	['typo', 'flyweel bearing noise', P, 'Noise in the flywheel bearing'],
	['typo', 'shut hieght', P, 'Shut height'],
	['typo', 'thermocuple broken', F, 'TC break'],
	['typo', 'qench oil', F, 'Quench oil'],
	['typo', 'uniformty survey', F, 'Uniformity survey'],
	['typo', 'acumulator nitrogen', H, 'Accumulator'],
	['typo', 'proportinal valve gain', H, 'Proportional valve'],
	['typo', 'failver second provder', L, 'Failover'],
	['typo', 'promt cache', L, 'Prompt cache'],
	['typo', 'bore diametre drift', R, '2025-03-11 bore diameter drift'],
];

export const QUESTIONS: readonly Labelled[] = rows.map(([kind, q, document, heading]) => ({
	kind,
	q,
	document,
	heading,
}));

export function markdownOf(document: string): string {
	const sections = Object.entries(CORPUS[document] ?? {});
	return sections.map(([heading, text]) => `## ${heading}\n\n${text}\n`).join('\n');
}
