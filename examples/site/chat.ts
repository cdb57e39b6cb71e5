import { _get, html, Resource } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import type { ChatRoom } from "./chat-room.ts";
import { page } from "./html-page.ts";
import { userKey } from "./session.ts";

/**
 * A handshake is a GET like any other: the guard of `/members` has seen it before. Pages of other sites are refused, too,
 * since browsers let them open WebSockets anywhere.
 */
const upgradeToChat = webSocketUpgrade({ maxMessageBytes: 2_000, maxBufferedBytes: 100_000 });

/** The resource `/members/chat`, a page, and `/members/chat/socket`, its WebSocket. */
export function buildChat(room: ChatRoom): Resource<"/members/chat"> {
  const chat = new Resource("/members/chat");
  chat.setHandlerFor(_get.to(() => html(chatPage())));
  // When the server stops, every socket is closed with 1001, and its loop in the room ends.
  chat
    .subresource("/socket")
    .setHandlerFor(
      _get.to([upgradeToChat], (upgrade, { extensions }) =>
        upgrade((socket) => room.join(socket, extensions.getOrThrow(userKey))),
      ),
    );
  return chat;
}

function chatPage(): string {
  return page(
    "Chat",
    `<h1>Chat</h1>
<ol id="messages" role="log" aria-label="Messages"></ol>
<form id="speak"><label>Message <input name="text" maxlength="500" autocomplete="off" required></label> <button>Send</button></form>
<p id="state" role="status">Connecting…</p>
<noscript><p>The chat needs JavaScript.</p></noscript>
<p><a href="/members">Back</a></p>
<script type="module" src="/assets/chat.js"></script>`,
  );
}
