import { describe, expect, it } from 'vitest';
import { parseNodeName, resolveNodeName } from './node-name.ts';

const NAMESPACES = ['http://opcfoundation.org/UA/', 'urn:server', 'urn:cell7', 'urn:a;b'];

describe('the name of a node', () => {
	const f = (text: string, want: string) => {
		const name = parseNodeName(text);
		expect(name && resolveNodeName(name, NAMESPACES)).toBe(want);
	};
	it('has the URI of its namespace, whatever its index is today', () =>
		f('nsu=urn:cell7;s=Spindle.Load', 'ns=2;s=Spindle.Load'));
	it('may have an index', () => f('ns=1;i=1001', 'ns=1;i=1001'));
	it('is of namespace 0 without one', () => f('i=2258', 'ns=0;i=2258'));
	it('may be text with anything in it', () => f('ns=2;s="DB 1".a;b=c', 'ns=2;s="DB 1".a;b=c'));
	it('may be a GUID', () =>
		f('ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28a', 'ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28a'));
	it('may be bytes', () => f('ns=1;b=M/RbKBsRVkePCePcx24oRA==', 'ns=1;b=M/RbKBsRVkePCePcx24oRA=='));
	it('may have a URI with a semicolon, escaped', () => f('nsu=urn:a%3Bb;i=1', 'ns=3;i=1'));
	it('of a namespace that is not there says which are', () =>
		expect(() => resolveNodeName({ namespace: { uri: 'urn:cell8' }, identifier: 'i=1' }, NAMESPACES)).toThrow(
			'the server has no namespace "urn:cell8"; it has "http://opcfoundation.org/UA/", "urn:server", "urn:cell7", "urn:a;b"',
		));
	it.each([
		'',
		'Spindle.Load',
		'ns=2',
		'ns=x;i=1',
		'ns=70000;i=1',
		'i=99999999999',
		'i=4294967296',
		'x=1',
		'nsu=;i=1',
		'g=1',
		's=',
	])('is not %j', (text) => expect(parseNodeName(text)).toBeUndefined());
});
