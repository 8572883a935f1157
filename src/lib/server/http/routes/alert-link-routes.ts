import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { ruleWords } from '#contracts/rule-words.ts';
import { formatTime } from '#contracts/time.ts';
import type { Violation } from '#contracts/violation.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type Reply } from '#server/http/route.ts';

const STYLE = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
body { max-width: 28rem; margin: 12vh auto; padding: 0 1.25rem; }
h1 { margin: 0 0 .25rem; font-size: 1.4rem; overflow-wrap: anywhere; }
p { margin: .25rem 0 1.25rem; }
button { width: 100%; min-height: 3.25rem; font: inherit; font-weight: 600; cursor: pointer; }
`;
const POLICY = [
	"default-src 'none'",
	`style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
	"form-action 'self'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
].join('; ');
const CHART_HEADERS = {
	'cache-control': 'private, max-age=60',
	'cross-origin-resource-policy': 'cross-origin',
	'content-security-policy': "default-src 'none'",
	'content-disposition': 'inline; filename="chart.png"',
};
const PARAMS = z.object({ token: z.string().max(2000) });

/**
 * The link in an alert: whoever has it may acknowledge that one violation, without signing in, for as long as it lasts.
 * To open it does nothing, because mail programs and chats open links by themselves.
 */
export function alertLinkRoutes({ alerts, cases, metadata, auth }: HttpPorts): AnswerRoute[] {
	const common = { path: '/api/v1/alerts/links/{token}', access: 'open', tag: 'Alerts' } as const;
	const output = { type: 'text/html; charset=utf-8', schema: z.string() };
	return [
		answer({
			...common,
			method: 'GET',
			summary: 'A page with one button, from a link in an alert',
			input: { params: PARAMS },
			output,
			async handle({ params }) {
				const grant = alerts.readLink(params.token);
				const found = grant && (await lookUp(metadata, grant.violationId));
				return found ? page(found) : OVER;
			},
		}),
		answer({
			...common,
			method: 'POST',
			summary: 'Acknowledges the violation of the link',
			input: { params: PARAMS },
			output,
			async handle({ params, asking }) {
				const grant = alerts.readLink(params.token);
				if (!grant) return OVER;
				const by = { name: `link in alert (${grant.channel})`, id: null, address: auth.from(asking).address };
				await cases.change(grant.violationId, { state: 'acknowledged', by });
				const found = await lookUp(metadata, grant.violationId);
				return found ? page(found) : OVER;
			},
		}),
		chartRoute(alerts),
	];
}

/** The picture in an alert. Chats and mail programs fetch it from elsewhere and keep it, so it says how long it may be kept. */
function chartRoute(alerts: HttpPorts['alerts']): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/alerts/charts/{token}',
		access: 'open',
		tag: 'Alerts',
		summary: 'The chart of a violation as PNG, from a link in an alert',
		input: { params: PARAMS },
		output: { type: 'image/png', schema: z.string().openapi({ format: 'binary' }) },
		async handle({ params }) {
			const png = await alerts.chartBehind(params.token);
			if (!png) throw notFound('picture');
			return { body: png, headers: CHART_HEADERS };
		},
	});
}

interface Found {
	readonly violation: Violation;
	readonly key: string;
	readonly place: string;
}

async function lookUp(metadata: Metadata, id: string): Promise<Found | undefined> {
	const violation = await metadata.violations.get(id);
	const of = violation && (await metadata.streams.get(violation.streamId));
	return of && { violation, key: of.stream.key, place: `${of.stream.site} / ${of.stream.asset}` };
}

function page({ violation, key, place }: Found): Reply {
	const lasts = violation.active ? 'It goes on.' : 'It has ended.';
	const what = `${ruleWords(violation.rule)}, since ${formatTime(violation.firstMicros)}. ${lasts}`;
	const button = '<form method="post"><button>Acknowledge</button></form>';
	const end = violation.state === 'open' ? button : `<p><strong>It is ${violation.state}.</strong></p>`;
	return html(200, `<h1>${escape(key)}</h1><p>${escape(place)}<br>${escape(what)}</p>${end}`);
}

function html(status: number, content: string): Reply {
	const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Sigmascope</title><style>${STYLE}</style>`;
	const body = `<!doctype html><html lang="en"><head>${head}</head><body>${content}</body></html>`;
	// With `no-referrer` a browser would send the form without saying that it comes from here.
	return { status, body, headers: { 'content-security-policy': POLICY, 'referrer-policy': 'same-origin' } };
}

const OVER = html(
	410,
	'<h1>This link does not work any more</h1><p>Links in alerts last for a week. Open the violation in Sigmascope instead.</p>',
);

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
