namespace Rafaga.Dashboard;
