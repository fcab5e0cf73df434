/** The log of Kubernetes' ingress-nginx, by the format line that its documentation gives ("Log format"). */
import { type Format, REQUEST, Row } from './line-reader.ts';
import { nginxFormat } from './pattern/nginx-format.ts';
import { openPattern } from './pattern/pattern-reader.ts';

const LINE = {
  ...nginxFormat(
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id',
  ),
  title: 'ingress-nginx',
};

export const ingressNginx: Format = {
  name: 'ingress-nginx',
  title: "Kubernetes' ingress-nginx",
  looksLike: (lines) => {
    const reader = openPattern(LINE, { columns: null, texts: false, spread: null });
    const row = new Row();
    return lines.some(
      (line) => line.includes('] [') && reader.read(line, 0, line.length, row) === REQUEST,
    );
  },
  open: (_lines, options) => openPattern(LINE, options),
};
