import { describe, expect, it } from 'vitest';
import { channelSchemas } from '#server/alerts/channels/registry.ts';
import { parseConfig } from './parse.ts';

const parse = (text: string, env = {}) => parseConfig(text, { file: 'f.yaml', env, channelSchemas: channelSchemas() });
const route = (lines: string) => `alerts:\n  routes:\n    ops:\n${lines.replace(/^/gm, '      ')}`;

describe('alerts in the configuration file', () => {
	it('takes what the documentation shows', () => {
		const text = `
alerts:
  routes:
    ops: { match: { asset: "press-*" }, minSeverity: warning, groupFor: 30s, quiet: [], channels: [{ type: slack, token: file:/run/secrets/slack, channel: "#line-3" }, { type: webhook, url: https://example.org/hook, secret: file:/run/secrets/hook }] }
    night:
      during: [{ days: [sat, sun], from: 22:00, to: 06:00, zone: Europe/Berlin }]
      quiet: [{ from: "22:00", to: "06:00", urgent: none }]
      channels: [{ type: email, server: smtp://mail:587, from: a@b.example, to: [c@d.example] }, { type: mqtt, url: mqtt://broker }]
  maintenance:
    - { match: { asset: press-1 }, from: 2026-01-31T06:00:00Z, to: 2026-01-31T14:00:00Z, reason: new bearing }
`;
		const { faults, config } = parse(text);
		expect(faults).toEqual([]);
		expect(config?.alerts.routes.ops).toMatchObject({
			groupFor: 30_000,
			groupBy: 'site',
			match: { asset: ['press-*'] },
		});
	});

	const f = (text: string, ...faults: string[]) =>
		expect(parse(text).faults).toEqual(faults.map((one) => `f.yaml:${one}`));
	it('a route without channels', () =>
		f(route('match: {}'), '4:7 alerts.routes.ops.channels: is missing; it must be a list'));
	it('a mistyped key of a route', () =>
		f(
			route('mach: {}\nchannels: [{ type: mqtt, url: mqtt://b }]'),
			'4:7 alerts.routes.ops.mach: unknown key; did you mean "match"?',
		));
	it('a channel of no kind', () =>
		f(
			route('channels:\n  - type: slak'),
			'5:17 alerts.routes.ops.channels[0].type: there is no channel "slak"; did you mean "slack"?',
		));
	it('a mistyped key of a channel', () =>
		f(
			route('channels:\n  - { type: webhook, url: https://a.example, sekret: whsec_x }'),
			'5:52 alerts.routes.ops.channels[0].sekret: unknown key; did you mean "secret"?',
		));
	it('a secret that is none, without showing it', () =>
		f(
			route('channels:\n  - { type: webhook, url: https://a.example, secret: hunter2 }'),
			'5:60 alerts.routes.ops.channels[0].secret: must be whsec_ and the base64 of at least 24 bytes, or file: and a path',
		));
	it('a time zone that is none', () =>
		f(
			route('during: [{ from: 06:00, to: 14:00, zone: Berlin }]\nchannels: [{ type: mqtt, url: mqtt://b }]'),
			'4:48 alerts.routes.ops.during[0].zone: is no time zone: write one like Europe/Berlin',
		));
	it('hours that are none', () =>
		f(
			route('quiet: [{ from: 6, to: 25:00 }]\nchannels: [{ type: mqtt, url: mqtt://b }]'),
			'4:23 alerts.routes.ops.quiet[0].from: must be a text, not 6',
			'4:30 alerts.routes.ops.quiet[0].to: must be a time of day like 06:30',
		));
	it('a secret from a variable shows in no fault', () => {
		const text = route('channels:\n  - { type: webhook, url: "${HOOK}", secret: whsec_x }');
		expect(parse(text, { HOOK: 'ftp://token-in-address' }).faults.join()).not.toContain('token-in-address');
	});
});
