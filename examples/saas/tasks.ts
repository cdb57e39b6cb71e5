import {
  _delete,
  _get,
  _post,
  _put,
  bodyLimit,
  json,
  jsonBody,
  NotFoundResourceError,
  queryParams,
  Resource,
  respond,
  StatusCode,
} from "argania";
import { z } from "zod";
import { tenantKey } from "./load-tenant.ts";
import type { Task } from "./tenant.ts";

const listing = queryParams(z.object({ open: z.enum(["true", "false"]).default("false") }));
const newTask = jsonBody(z.object({ title: z.string().trim().min(1).max(200) }));

/** The resources `/tasks` and `/tasks/{id}`. They see the data of the tenant of the request, and no other. */
export function buildTasks() {
  const tasks = new Resource("/tasks");
  const task = tasks.subresource("/{id:\\d+}");
  tasks.setProperty(bodyLimit.to(4_096));

  tasks.setHandlerFor([
    _get.to([listing], ({ open }, { extensions }) => {
      const all = extensions.getOrThrow(tenantKey).tasks;
      return json(open === "true" ? all.filter(({ isDone }) => !isDone) : all);
    }),
    _post.to([newTask], ({ title }, { extensions }) => {
      const added = extensions.getOrThrow(tenantKey).addTask(title);
      return respond(StatusCode.CREATED, { location: task.href({ id: added.id }) }, json(added));
    }),
  ]);

  task.setHandlerFor([
    _get.to(({ extensions, params }) =>
      json(found(extensions.getOrThrow(tenantKey).task(Number(params.id)))),
    ),
    _delete.to(({ extensions, params }) => {
      const isRemoved = extensions.getOrThrow(tenantKey).removeTask(Number(params.id));
      return isRemoved ? StatusCode.NO_CONTENT : found(undefined);
    }),
  ]);
  task
    .subresource("/done")
    .setHandlerFor(
      _put.to(({ extensions, params }) =>
        json(found(extensions.getOrThrow(tenantKey).finishTask(Number(params.id)))),
      ),
    );
  return { tasks, task };
}

function found(task: Task | undefined): Task {
  if (task === undefined) {
    throw new NotFoundResourceError("There is no such task.");
  }
  return task;
}
