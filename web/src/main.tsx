import "./design/tokens.css";
import "./design/page.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query-client";
import { App } from "./app/app";
import { Announcer } from "./components/announcer";
import { Toasts } from "./components/toasts";
import { startScheme } from "./design/scheme";
import { watchPolicy } from "./reports/watch-policy";

watchPolicy();

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element with the id page.");

startScheme();
createRoot(page).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={createQueryClient()}>
        <Announcer>
          <Tooltip.Provider>
            <Toasts>
              <App />
            </Toasts>
          </Tooltip.Provider>
        </Announcer>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
