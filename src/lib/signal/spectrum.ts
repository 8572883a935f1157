import FFT from 'fft.js';

/** A complex spectrum or signal: real and imaginary parts one after the other. */
export type Complex = Float64Array;

/**
 * The discrete Fourier transform of any length: radix 4 where the length is a power of two, else by Bluestein's chirp
 * (L. I. Bluestein, IEEE Trans. Audio 18, 1970), so that nothing has to be cut off or filled up.
 *
 * @param signal complex, `2 n` numbers
 * @returns `2 n` numbers: X[k] = sum x[j] exp(-2 pi i j k / n)
 */
export function transform(signal: Complex): Complex {
	const n = signal.length / 2;
	if (n < 2) return signal.slice();
	return isPowerOfTwo(n) ? radix(signal, 'forward') : bluestein(signal);
}

/** @returns what `transform` made this of */
export function inverse(spectrum: Complex): Complex {
	const n = spectrum.length / 2;
	// The inverse is the conjugate of the transform of the conjugate.
	const out = conjugate(transform(conjugate(spectrum)));
	return out.map((v) => v / n);
}

/** @returns the samples as a complex signal */
export function complexOf(samples: Float64Array): Complex {
	const out = new Float64Array(2 * samples.length);
	for (let i = 0; i < samples.length; i++) out[2 * i] = samples[i]!;
	return out;
}

function radix(signal: Complex, direction: 'forward' | 'backward'): Complex {
	const fft = new FFT(signal.length / 2);
	const out = fft.createComplexArray();
	if (direction === 'forward') fft.transform(out, signal);
	else fft.inverseTransform(out, signal);
	return Float64Array.from(out as number[]);
}

function bluestein(signal: Complex): Complex {
	const n = signal.length / 2;
	const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
	const chirp = new Float64Array(2 * n);
	for (let j = 0; j < n; j++) {
		// j squared modulo 2 n: the angle stays exact for long signals.
		const angle = (Math.PI * ((j * j) % (2 * n))) / n;
		chirp[2 * j] = Math.cos(angle);
		chirp[2 * j + 1] = -Math.sin(angle);
	}
	const a = new Float64Array(2 * size);
	a.set(product(signal, chirp));
	const b = new Float64Array(2 * size);
	for (let j = 0; j < n; j++)
		for (const at of j === 0 ? [0] : [j, size - j]) {
			b[2 * at] = chirp[2 * j]!;
			b[2 * at + 1] = -chirp[2 * j + 1]!;
		}
	const convolved = radix(product(radix(a, 'forward'), radix(b, 'forward')), 'backward');
	return product(convolved.subarray(0, 2 * n), chirp);
}

function product(x: Complex, y: Complex): Complex {
	const out = new Float64Array(x.length);
	for (let i = 0; i < x.length; i += 2) {
		out[i] = x[i]! * y[i]! - x[i + 1]! * y[i + 1]!;
		out[i + 1] = x[i]! * y[i + 1]! + x[i + 1]! * y[i]!;
	}
	return out;
}

function conjugate(x: Complex): Complex {
	return x.map((v, i) => (i % 2 === 0 ? v : -v));
}

function isPowerOfTwo(n: number): boolean {
	return Number.isInteger(Math.log2(n));
}
