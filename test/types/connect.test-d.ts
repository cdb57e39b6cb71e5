import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { _get, _requestReceiver, _wildcardMethod, Resource } from "argania";
import {
  type ConnectNext,
  type ConnectRequest,
  type ConnectResponse,
  connectErrorLayer,
  connectHandler,
  connectLayer,
  nodeRequest,
  nodeResponse,
} from "argania/connect";
import compression from "compression";
import cors from "cors";
import express from "express";
import rateLimit from "express-rate-limit";
import session from "express-session";
import helmet from "helmet";
import morgan from "morgan";
import multer from "multer";
import passport from "passport";
import serveStatic from "serve-static";
import { assertType, type Equal } from "./expect-type.ts";

const upload = multer();

// Middleware of every kind fits as it is, alone and in arrays.
connectLayer(
  helmet(),
  cors(),
  compression(),
  morgan("tiny"),
  session({ secret: "x" }),
  passport.initialize(),
  passport.authenticate("local"),
  serveStatic("."),
  rateLimit(),
);
connectLayer(upload.single("file"), [upload.array("files"), express.json()]);
connectLayer(express(), express.Router(), express.static("."));
connectLayer((_request: IncomingMessage, _response: ServerResponse, next: () => void) => next());
connectLayer(async (_request: express.Request, response: express.Response) => {
  response.json({});
});

// What is written in place needs no annotations.
connectLayer((request, response, next) => {
  assertType<Equal<typeof request, ConnectRequest>>();
  assertType<Equal<typeof response, ConnectResponse>>();
  assertType<Equal<typeof next, ConnectNext>>();
  response.setHeader("x", request.url ?? "");
  request.on("data", (chunk: Uint8Array) => chunk.length);
  next(new Error("x"));
});

connectErrorLayer(
  (error, request, response, next) => {
    assertType<Equal<typeof error, unknown>>();
    response.end(request.url ?? "");
    next(error);
  },
  ((error, _request, response, _next) => {
    response.status(500).send(String(error));
  }) as express.ErrorRequestHandler,
);

const root = new Resource("/legacy *");
root.addLayerTo(_requestReceiver(connectLayer(helmet())));
root.setHandlerFor([
  _get.to(connectHandler(express())),
  _wildcardMethod.to(connectHandler((_request: IncomingMessage, response: ServerResponse) => response.end())),
]);
connectHandler(express(), { encodedSlashes: "pass" });
createServer(express());

root.subresource("/x").setHandlerFor(
  _get.to((context) => {
    const plain = nodeRequest(context);
    assertType<Equal<typeof plain, ConnectRequest>>();
    const request = nodeRequest<express.Request>(context);
    assertType<Equal<typeof request, express.Request>>();
    nodeResponse(context)?.setHeader("a", "b");
    return request.sessionID;
  }),
);

// @ts-expect-error: an object is no middleware.
connectLayer({});
// @ts-expect-error: more parameters than a middleware has.
connectLayer((_error: unknown, _request: object, _response: object, _next: () => void) => {});
// @ts-expect-error: there is no such value.
connectHandler(express(), { encodedSlashes: "allow" });
