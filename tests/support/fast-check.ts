import fc from 'fast-check';

const SEED = 20_261_121;

/**
 * One seed for every run: a change is judged by what it changes and not by the luck of the draw. To look for what
 * nobody has seen yet: `FUZZ_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? SEED) });
