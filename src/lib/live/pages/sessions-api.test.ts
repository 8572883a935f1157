import { describe, expect, it } from 'vitest';
import { exportAddress } from './sessions-api.ts';

describe('the address of an export', () => {
	it('names streams with commas, and leaves out what was not chosen', () =>
		expect(exportAddress({ format: 'csv', streams: ['1', '2'], from: undefined })).toBe(
			'/api/v1/export?format=csv&streams=1%2C2',
		));
	it('is of a session, as a bundle', () =>
		expect(exportAddress({ format: 'parquet', session: '7', isBundle: true })).toBe(
			'/api/v1/export?format=parquet&session=7&bundle=true',
		));
});
